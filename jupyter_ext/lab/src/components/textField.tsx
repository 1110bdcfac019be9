import React, { useId } from 'react';
import type { ReactElement } from 'react';
import type { Field } from '../tokens';
import type { IFieldProps } from './actions';
import { describedBy, FieldFrame } from './fieldFrame';

/** One line of text; an empty one means that the setting is not set. */
export function TextField(
  props: IFieldProps<Extract<Field, { kind: 'text' }>, string | null>
): ReactElement {
  const { field, value, problem, note, edited, disabled, trans, onChange } = props;
  const id = useId();
  return (
    <FieldFrame
      id={id}
      title={field.title}
      help={field.help}
      problem={problem}
      note={note}
      edited={edited}
      trans={trans}
    >
      <input
        id={id}
        type="text"
        className="jp-mod-styled"
        value={value ?? ''}
        placeholder={field.placeholder}
        disabled={disabled}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={problem !== ''}
        aria-describedby={describedBy(id)}
        onChange={event => onChange(event.target.value.trim() === '' ? null : event.target.value)}
      />
    </FieldFrame>
  );
}
