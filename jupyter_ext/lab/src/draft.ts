/** Pure functions on what the user has typed but not saved. */
import type { ReadonlyJSONObject, ReadonlyJSONValue } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';
import type { IForm, Settings } from './tokens';

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

/** The dotted keys whose value differs, in the order of `after`. */
export function changedKeys(before: Settings, after: Settings): string[] {
  return Object.entries(after).flatMap(([section, values]) =>
    Object.keys(values)
      .map(name => `${section}.${name}`)
      .filter(key => !JSONExt.deepEqual(valueOf(before, key), valueOf(after, key)))
  );
}

/** What to send: a merge patch of the keys that differ; null takes a key out of the file. */
export function changes(before: Settings, after: Settings): ReadonlyJSONObject {
  return changedKeys(before, after).reduce<Settings>(
    (patch, key) => withValue(patch, key, valueOf(after, key)),
    {}
  );
}

/** Whether the form holds anything that is not saved. */
export function isEdited(form: IForm): boolean {
  return changedKeys(form.answer.settings, form.draft).length > 0;
}

/** Put the user's own changes on top of what somebody else saved meanwhile. */
export function rebased(form: IForm, theirs: Settings): Settings {
  return changedKeys(form.answer.settings, form.draft).reduce<Settings>(
    (settings, key) => withValue(settings, key, valueOf(form.draft, key)),
    theirs
  );
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
