import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONObject, ReadonlyJSONValue } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';
import React, { useId, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { freeName, isObject } from '../draft';
import type { Field } from '../tokens';
import type { FindHold, FindProblem, IActions, IFieldProps } from './actions';
import { EditedMark, Messages } from './fieldFrame';
import { FieldsView } from './fieldView';
import { Fold } from './fold';
import { ImportEntry } from './importEntry';

/** The name of the entry that is used where none is named. */
const DEFAULT_ENTRY = 'Default';

/** Properties of {@link TableField}. */
export interface ITableFieldProps extends IFieldProps<
  Extract<Field, { kind: 'table' }>,
  ReadonlyJSONObject
> {
  /** The table as it is in the file. */
  readonly saved: ReadonlyJSONObject;
  readonly problemOf: FindProblem;
  readonly heldOf: FindHold;
  readonly importEntry: IActions['importEntry'];
}

/** A table by name: entries are added, renamed, taken out, and each has its own fields. */
export function TableField(props: ITableFieldProps): ReactElement {
  const { field, value, problem, note, source, edited, disabled, trans, onChange } = props;
  const id = useId();
  const [open, setOpen] = useState<string | null>(null);
  const adding = useRef<HTMLInputElement>(null);
  const names = Object.keys(value);
  const take = useTake(props, setOpen);
  const rename = (from: string, to: string): void => {
    const renamed = Object.entries(value).map(([name, entry]) => [
      name === from ? to : name,
      entry
    ]);
    onChange(Object.fromEntries(renamed) as ReadonlyJSONObject);
    setOpen(to);
  };
  const remove = (name: string): void => {
    onChange(Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)));
    adding.current?.focus();
  };
  return (
    <fieldset className="jp-Huntbook-field" disabled={disabled} aria-describedby={`${id}-help`}>
      <legend className="jp-Huntbook-label">
        {field.title}
        <EditedMark edited={edited} trans={trans} />
      </legend>
      <Messages id={id} help={field.help} problem={problem} note={note} source={source} />
      <ul className="jp-Huntbook-list">
        {names.map(name => (
          <li key={name} className="jp-Huntbook-entry">
            <Fold
              label={<EntryLabel name={name} table={value} trans={trans} />}
              unfolded={open === name}
              onFold={unfolded => setOpen(unfolded ? name : null)}
            >
              <Entry
                {...props}
                name={name}
                onEntry={entry => onChange({ ...value, [name]: entry })}
                onDefault={() => onChange({ ...value, [DEFAULT_ENTRY]: value[name] ?? null })}
                onRename={to => rename(name, to)}
                onRemove={() => remove(name)}
              />
            </Fold>
          </li>
        ))}
      </ul>
      <NewEntry
        input={adding}
        names={names}
        trans={trans}
        onAdd={name => {
          onChange({ ...value, [name]: {} });
          setOpen(name);
        }}
      />
      {field.imports && <ImportEntry {...props} onEntry={take} />}
    </fieldset>
  );
}

/** Take an entry into the table under a name that is free, and open it. */
function useTake(
  props: ITableFieldProps,
  open: (name: string) => void
): (wanted: string, entry: ReadonlyJSONObject) => string {
  // Another entry may have been edited while the server was reading.
  const latest = useRef(props);
  latest.current = props;
  return (wanted, entry) => {
    const { value, onChange } = latest.current;
    const name = freeName(wanted, Object.keys(value));
    onChange({ ...value, [name]: entry });
    open(name);
    return name;
  };
}

/** The name of an entry, and whether it is the one that is used where none is named. */
function EntryLabel(props: {
  name: string;
  table: ReadonlyJSONObject;
  trans: TranslationBundle;
}): ReactElement {
  const { name, table, trans } = props;
  return (
    <>
      {name}
      {name !== DEFAULT_ENTRY && isDefault(table, name) && (
        <span className="jp-Huntbook-badge">{trans.__('default')}</span>
      )}
    </>
  );
}

/** Whether an entry says the same as the default one. */
function isDefault(table: ReadonlyJSONObject, name: string): boolean {
  return JSONExt.deepEqual(table[name] ?? null, table[DEFAULT_ENTRY] ?? null);
}

/** Properties of {@link Entry}. */
interface IEntryProps extends ITableFieldProps {
  readonly name: string;
  readonly onEntry: (entry: ReadonlyJSONObject) => void;
  readonly onDefault: () => void;
  readonly onRename: (name: string) => void;
  readonly onRemove: () => void;
}

/** The fields of one entry and what can be done with it. */
function Entry(props: IEntryProps): ReactElement {
  const { field, name, value, saved, disabled, trans, problemOf, onEntry } = props;
  const entry = objectAt(value, name);
  const before = objectAt(saved, name);
  return (
    <>
      <NameField key={name} names={Object.keys(value)} {...props} />
      <FieldsView
        fields={field.fields}
        path={`${field.key}.${name}`}
        valueOf={inner => entry[inner.key] ?? null}
        savedOf={inner => before[inner.key] ?? null}
        problemOf={problemOf}
        heldOf={props.heldOf}
        importEntry={props.importEntry}
        disabled={disabled}
        trans={trans}
        onChange={(inner, next) => onEntry(withMember(entry, inner.key, next))}
      />
      <div className="jp-Huntbook-buttons">
        {name !== DEFAULT_ENTRY && !isDefault(value, name) && (
          <button type="button" className="jp-mod-styled jp-mod-reject" onClick={props.onDefault}>
            {trans.__('Make default')}
          </button>
        )}
        <button type="button" className="jp-mod-styled jp-mod-reject" onClick={props.onRemove}>
          {trans.__('Remove')}
        </button>
      </div>
    </>
  );
}

/** The name of an entry; it changes with Enter or when the field is left. */
function NameField(props: {
  name: string;
  names: readonly string[];
  trans: TranslationBundle;
  onRename: (name: string) => void;
}): ReactElement {
  const { name, names, trans, onRename } = props;
  const id = useId();
  const [typed, setTyped] = useState(name);
  const wanted = typed.trim();
  const taken = wanted !== name && names.includes(wanted);
  const rename = (): void => {
    if (wanted !== '' && wanted !== name && !taken) {
      onRename(wanted);
    }
  };
  return (
    <div className="jp-Huntbook-field">
      <label className="jp-Huntbook-label" htmlFor={id}>
        {trans.__('Name')}
      </label>
      <input
        id={id}
        className="jp-mod-styled"
        value={typed}
        aria-invalid={taken}
        aria-describedby={`${id}-problem`}
        onChange={event => setTyped(event.target.value)}
        onBlur={rename}
        onKeyDown={event => event.key === 'Enter' && rename()}
      />
      <p className="jp-Huntbook-problem" id={`${id}-problem`}>
        {taken ? trans.__('There is one of that name.') : ''}
      </p>
    </div>
  );
}

/** The line that adds an entry. */
function NewEntry(props: {
  input: React.RefObject<HTMLInputElement>;
  names: readonly string[];
  trans: TranslationBundle;
  onAdd: (name: string) => void;
}): ReactElement {
  const { input, names, trans, onAdd } = props;
  const [typed, setTyped] = useState('');
  const name = typed.trim();
  const usable = name !== '' && !names.includes(name);
  const add = (): void => {
    if (usable) {
      onAdd(name);
      setTyped('');
    }
  };
  return (
    <div className="jp-Huntbook-new">
      <input
        ref={input}
        className="jp-mod-styled"
        value={typed}
        placeholder={trans.__('Name of a new one')}
        aria-label={trans.__('Name of a new one')}
        onChange={event => setTyped(event.target.value)}
        onKeyDown={event => event.key === 'Enter' && add()}
      />
      <button
        type="button"
        className="jp-mod-styled jp-mod-reject"
        aria-disabled={!usable}
        onClick={add}
      >
        {trans.__('Add')}
      </button>
    </div>
  );
}

/** The object at a name; an empty one where there is none. */
function objectAt(table: ReadonlyJSONObject, name: string): ReadonlyJSONObject {
  const entry = table[name] ?? null;
  return isObject(entry) ? entry : {};
}

/** Copy an entry with one member replaced; null takes it out. */
function withMember(
  entry: ReadonlyJSONObject,
  key: string,
  value: ReadonlyJSONValue
): ReadonlyJSONObject {
  const rest = Object.entries(entry).filter(([other]) => other !== key);
  const replaced = Object.entries({ ...entry, [key]: value });
  return Object.fromEntries(value === null ? rest : replaced);
}
