/** Pure functions on what the user has typed but not saved. */
import type { ReadonlyJSONObject, ReadonlyJSONValue } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';
import type { Field, ILock, IForm, ISettingsAnswer, PanelState, Settings } from './tokens';

/** Read one value by its dotted key; null where there is none. */
export function valueOf(settings: Settings, key: string): ReadonlyJSONValue {
  const [section, name] = split(key);
  return settings[section]?.[name] ?? null;
}

/** Copy the settings with one value replaced. */
export function withValue(settings: Settings, key: string, value: ReadonlyJSONValue): Settings {
  const [section, name] = split(key);
  return { ...settings, [section]: { ...settings[section], [name]: value } };
}

/** What turns `before` into `after`, as a merge patch: only what differs, and null to take a key out. */
export function changes(before: ReadonlyJSONObject, after: ReadonlyJSONObject): ReadonlyJSONObject {
  const patch: Record<string, ReadonlyJSONValue> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[key] ?? null, after[key] ?? null];
    if (isObject(old) && isObject(now)) {
      const inner = changes(old, now);
      if (Object.keys(inner).length > 0) {
        patch[key] = inner;
      }
    } else if (!JSONExt.deepEqual(old, now)) {
      patch[key] = now;
    }
  }
  return patch;
}

/** Apply a merge patch; neither argument is touched. */
export function patched(target: ReadonlyJSONObject, patch: ReadonlyJSONObject): ReadonlyJSONObject {
  const result = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    const old = target[key];
    if (isObject(value)) {
      result.set(key, patched(isObject(old) ? old : {}, value));
    } else if (value === null) {
      result.delete(key);
    } else {
      result.set(key, value);
    }
  }
  return Object.fromEntries(result);
}

/** The dotted keys of the settings that differ. */
export function changedKeys(before: Settings, after: Settings): string[] {
  return Object.entries(changes(before, after)).flatMap(([section, values]) =>
    Object.keys(isObject(values) ? values : {}).map(name => `${section}.${name}`)
  );
}

/** The form of a state that has one. */
export function formOf(state: PanelState): IForm | null {
  return state.kind === 'loading' ? null : state.form;
}

/** Whether the form holds anything that is not saved. */
export function isEdited(form: IForm): boolean {
  return changedKeys(form.answer.settings, form.draft).length > 0;
}

/** Put the user's own changes on top of what somebody else saved meanwhile. */
export function rebased(form: IForm, theirs: Settings): Settings {
  return patched(theirs, changes(form.answer.settings, form.draft)) as Settings;
}

/** The lock that holds for a key, if any. */
export function lockOn(key: string, locks: readonly ILock[]): ILock | undefined {
  return locks.find(held => key === held.key || key.startsWith(`${held.key}.`));
}

/** Give up the edits of what nobody may change; no save could ever take them. */
export function withoutLocked(draft: Settings, answer: ISettingsAnswer): Settings {
  return changedKeys(answer.settings, draft)
    .filter(key => lockOn(key, answer.locks) !== undefined)
    .reduce((rest, key) => withValue(rest, key, valueOf(answer.settings, key)), draft);
}

/** Whether two answers of the server say the same; it writes all of them in one order. */
export function isSameAnswer(left: ISettingsAnswer, right: ISettingsAnswer): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

/** Why a text does not have the form that its field asks for; empty where it does. */
export function complaintOf(field: Extract<Field, { kind: 'text' }>, value: string | null): string {
  const text = value?.trim() ?? '';
  const fits = text === '' || field.pattern === '' || new RegExp(field.pattern).test(text);
  return fits ? '' : `'${text}' ${field.refusal}`;
}

/** A name for the environment variable of a secret, after the place where it stands. */
export function variableFor(place: readonly string[]): string {
  const words = place.length > 2 ? place.slice(1).filter(word => word !== 'Args') : place;
  return words
    .join('_')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_');
}

/** A name that no entry of a table has yet. */
export function freeName(wanted: string, names: readonly string[]): string {
  let name = wanted;
  for (let number = 2; names.includes(name); number += 1) {
    name = `${wanted} ${number}`;
  }
  return name;
}

/** Whether a value is an object with keys. */
export function isObject(value: ReadonlyJSONValue | undefined): value is ReadonlyJSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Move one item of a list to another place; the list itself is not touched. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), ...items.slice(from, from + 1), ...rest.slice(to)];
}

/** Split a dotted key after its section. */
function split(key: string): [string, string] {
  const dot = key.indexOf('.');
  return [key.slice(0, dot), key.slice(dot + 1)];
}
