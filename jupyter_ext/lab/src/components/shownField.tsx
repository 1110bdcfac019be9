import type { ReadonlyJSONValue } from '@lumino/coreutils';
import React from 'react';
import type { ReactElement } from 'react';
import { isObject } from '../draft';
import type { Field } from '../tokens';
import type { IFieldProps } from './actions';

/** A value that is changed in the file; seldom there, so nothing is drawn for an empty one. */
export function ShownField(
  props: IFieldProps<Extract<Field, { kind: 'shown' }>, ReadonlyJSONValue>
): ReactElement | null {
  const { field, value, problem, source, trans } = props;
  const text = asText(value);
  if (text === '' && problem === '') {
    return null;
  }
  return (
    <div className="jp-Huntbook-field">
      <h3 className="jp-Huntbook-label">{field.title}</h3>
      <p className="jp-Huntbook-problem">{problem}</p>
      <Text text={text} label={field.title} />
      <p className="jp-Huntbook-help">
        {field.help} {trans.__('Changed in the file.')} {source}
      </p>
    </div>
  );
}

/** Text as it stands in a file; takes the focus, so that the keyboard can scroll it. */
export function Text(props: { text: string; label: string }): ReactElement {
  return (
    <pre className="jp-Huntbook-text" tabIndex={0} role="group" aria-label={props.label}>
      {props.text}
    </pre>
  );
}

/** Write a value the way a settings file does: a line a key, two spaces a level. */
export function asText(value: ReadonlyJSONValue, indent = ''): string {
  if (Array.isArray(value)) {
    const items = (value as readonly ReadonlyJSONValue[]).map(item =>
      asText(item, `${indent}  `).trimStart()
    );
    return items.map(item => `${indent}- ${item}`).join('\n');
  }
  if (isObject(value)) {
    return Object.entries(value)
      .map(([key, item]) => {
        const nested = typeof item === 'object' && item !== null;
        return `${indent}${key}:${nested ? '\n' : ' '}${asText(item, nested ? `${indent}  ` : '')}`;
      })
      .join('\n');
  }
  return value === null ? '' : `${indent}${String(value)}`;
}
