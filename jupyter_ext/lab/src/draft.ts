/** Pure functions on what the user has typed but not saved. */
import type { ReadonlyJSONObject, ReadonlyJSONValue } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';
import type { IForm, PanelState, Settings } from './tokens';

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
