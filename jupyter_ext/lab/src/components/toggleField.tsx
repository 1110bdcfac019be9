import React, { useId } from 'react';
import type { ReactElement } from 'react';
import type { Field } from '../tokens';
import type { IFieldProps } from './actions';
import { describedBy, EditedMark, Messages } from './fieldFrame';

/** Yes or no. */
export function ToggleField(
  props: IFieldProps<Extract<Field, { kind: 'toggle' }>, boolean>
): ReactElement {
  const { field, value, problem, note, source, edited, disabled, trans, onChange } = props;
  const id = useId();
  return (
    <div className={`jp-Huntbook-field${problem ? ' jp-mod-refused' : ''}`}>
      <span className="jp-Huntbook-toggle">
        <input
          id={id}
          type="checkbox"
          checked={value}
          disabled={disabled}
          aria-describedby={describedBy(id)}
          onChange={event => onChange(event.target.checked)}
        />
        <label className="jp-Huntbook-label" htmlFor={id}>
          {field.title}
          <EditedMark edited={edited} trans={trans} />
        </label>
      </span>
      <Messages id={id} help={field.help} problem={problem} note={note} source={source} />
    </div>
  );
}
