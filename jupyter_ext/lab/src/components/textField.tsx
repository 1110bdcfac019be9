import React, { useEffect, useId, useState } from 'react';
import type { ReactElement } from 'react';
import { complaintOf } from '../draft';
import type { Field } from '../tokens';
import type { IFieldProps } from './actions';
import { describedBy, FieldFrame } from './fieldFrame';

/** How long somebody who types may pause before a text that is not complete counts as wrong. */
const PAUSE_MILLISECONDS = 800;

/** One line of text; an empty one means that the setting is not set. */
export function TextField(
  props: IFieldProps<Extract<Field, { kind: 'text' }>, string | null>
): ReactElement {
  const { field, value, problem, note, source, edited, disabled, trans, onChange } = props;
  const id = useId();
  const complaint = problem || complaintOf(field, value);
  const [paused, setPaused] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(true), PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [value, paused]);
  const shown = paused ? complaint : '';
  return (
    <FieldFrame
      id={id}
      title={field.title}
      help={field.help}
      problem={shown}
      note={note}
      source={source}
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
        aria-invalid={shown !== ''}
        aria-describedby={describedBy(id)}
        onBlur={() => setPaused(true)}
        onChange={event => {
          setPaused(false);
          onChange(event.target.value.trim() === '' ? null : event.target.value);
        }}
      />
    </FieldFrame>
  );
}
