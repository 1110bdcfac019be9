import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONValue } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';
import React, { useState } from 'react';
import type { ReactElement } from 'react';
import { isObject } from '../draft';
import type { Field } from '../tokens';
import type { FindHold, FindProblem, IActions } from './actions';
import { ChoiceField } from './choiceField';
import { Fold } from './fold';
import { OrderedField } from './orderedField';
import { ShownField } from './shownField';
import { TableField } from './tableField';
import { TextField } from './textField';
import { ToggleField } from './toggleField';

/** Properties of {@link FieldsView}. */
export interface IFieldsViewProps {
  readonly fields: readonly Field[];
  /** The dotted key that the fields' keys continue; empty at the top. */
  readonly path: string;
  /** The value of a field in the form, and in the file. */
  readonly valueOf: (field: Field) => ReadonlyJSONValue;
  readonly savedOf: (field: Field) => ReadonlyJSONValue;
  readonly problemOf: FindProblem;
  readonly heldOf: FindHold;
  readonly importEntry: IActions['importEntry'];
  readonly disabled: boolean;
  readonly trans: TranslationBundle;
  readonly onChange: (field: Field, value: ReadonlyJSONValue) => void;
}

/** Fields below each other; the seldom needed ones are folded away while they say nothing. */
export function FieldsView(props: IFieldsViewProps): ReactElement {
  const { fields, trans } = props;
  const [unfolded, setUnfolded] = useState(false);
  const quiet = fields.filter(field => field.advanced && !isSet(props, field));
  const draw = (field: Field): ReactElement => (
    <FieldView key={field.key} field={field} {...props} />
  );
  const visible = fields.filter(field => !quiet.includes(field));
  const editable = quiet.filter(field => field.kind !== 'shown');
  return (
    <>
      {visible.map(draw)}
      {editable.length > 0 && (
        <Fold label={trans.__('Seldom needed')} unfolded={unfolded} onFold={setUnfolded}>
          {editable.map(draw)}
        </Fold>
      )}
    </>
  );
}

/** Whether a field holds something in the file, or has something to say. */
function isSet(props: IFieldsViewProps, field: Field): boolean {
  const saved = props.savedOf(field);
  const empty = saved === null || JSONExt.deepEqual(saved, []) || JSONExt.deepEqual(saved, {});
  return !empty || props.problemOf(keyOf(props.path, field)) !== '';
}

/** One field, drawn by its kind. */
function FieldView(props: IFieldsViewProps & { field: Field }): ReactElement {
  const { field, path, disabled, trans } = props;
  const value = props.valueOf(field);
  const saved = props.savedOf(field);
  const hold = props.heldOf(keyOf(path, field));
  const edited = !JSONExt.deepEqual(value, saved);
  const common = {
    problem: props.problemOf(keyOf(path, field)),
    note: hold.note,
    source: edited ? '' : hold.source,
    edited,
    disabled: disabled || hold.locked,
    trans,
    onChange: (next: ReadonlyJSONValue) => props.onChange(field, next)
  };
  switch (field.kind) {
    case 'choice':
      return <ChoiceField {...common} field={field} value={textOf(value) ?? ''} />;
    case 'ordered':
      return <OrderedField {...common} field={field} value={wordsOf(value)} />;
    case 'text':
      return <TextField {...common} field={field} value={textOf(value)} />;
    case 'toggle':
      return <ToggleField {...common} field={field} value={value === true} />;
    case 'shown':
      return <ShownField {...common} field={field} value={value} />;
    case 'table':
      return (
        <TableField
          {...common}
          field={field}
          value={isObject(value) ? value : {}}
          saved={isObject(saved) ? saved : {}}
          problemOf={props.problemOf}
          heldOf={props.heldOf}
          importEntry={props.importEntry}
        />
      );
  }
}

/** The dotted key of a field. */
function keyOf(path: string, field: Field): string {
  return path === '' ? field.key : `${path}.${field.key}`;
}

/** A value as text; null where it is none. */
function textOf(value: ReadonlyJSONValue): string | null {
  return typeof value === 'string' ? value : null;
}

/** A value as a list of words. */
function wordsOf(value: ReadonlyJSONValue): readonly string[] {
  return Array.isArray(value) ? value.filter(word => typeof word === 'string') : [];
}
