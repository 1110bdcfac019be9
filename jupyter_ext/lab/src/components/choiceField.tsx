import { HTMLSelect } from '@jupyterlab/ui-components';
import React, { useId } from 'react';
import type { ReactElement } from 'react';
import type { Field } from '../tokens';
import type { IFieldProps } from './actions';
import { describedBy, FieldFrame } from './fieldFrame';

/** One word out of several; the help line is that of the chosen one. */
export function ChoiceField(
  props: IFieldProps<Extract<Field, { kind: 'choice' }>, string>
): ReactElement {
  const { field, value, problem, note, source, edited, disabled, trans, onChange } = props;
  const id = useId();
  const chosen = field.choices.find(choice => choice.value === value);
  return (
    <FieldFrame
      id={id}
      title={field.title}
      help={chosen?.help || field.help}
      problem={problem}
      note={note}
      source={source}
      edited={edited}
      trans={trans}
    >
      <HTMLSelect
        id={id}
        value={value}
        disabled={disabled}
        aria-invalid={problem !== ''}
        aria-describedby={describedBy(id)}
        onChange={event => onChange(event.target.value)}
      >
        {chosen === undefined && <option value={value}>{value}</option>}
        {field.choices.map(choice => (
          <option key={choice.value} value={choice.value}>
            {choice.title}
          </option>
        ))}
      </HTMLSelect>
    </FieldFrame>
  );
}
