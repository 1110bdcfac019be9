/** Pure functions from the server's JSON schema to the fields that the panel draws. */
import type { ReadonlyJSONObject, ReadonlyJSONValue } from '@lumino/coreutils';
import { isObject } from './draft';
import type { Field, IChoice, ISection } from './tokens';

/** Read sections and fields, in the order in which the schema has them. */
export function readSections(schema: ReadonlyJSONObject): readonly ISection[] {
  return Object.entries(objectIn(schema, 'properties')).map(([name, section]) => ({
    name,
    title: textIn(section, 'title') || name,
    fields: Object.entries(objectIn(section, 'properties')).map(([key, value]) =>
      readField(`${name}.${key}`, value)
    )
  }));
}

/** Read one field. */
function readField(key: string, schema: ReadonlyJSONValue | undefined): Field {
  const base = {
    key,
    title: textIn(schema, 'title') || key,
    help: textIn(schema, 'description'),
    advanced: memberOf(schema, 'x-advanced') === true
  };
  const choices = readChoices(schema);
  const types = [memberOf(schema, 'type')].flat();
  if (choices.length > 0) {
    return { ...base, kind: types.includes('array') ? 'ordered' : 'choice', choices };
  }
  if (types.includes('string')) {
    return {
      ...base,
      kind: 'text',
      placeholder: textIn(schema, 'x-placeholder'),
      pattern: textIn(schema, 'pattern'),
      refusal: textIn(schema, 'x-refusal')
    };
  }
  if (types.includes('boolean')) {
    return { ...base, kind: 'toggle' };
  }
  if (memberOf(schema, 'x-map') === true) {
    const entry = objectIn(objectIn(schema, 'additionalProperties'), 'properties');
    return {
      ...base,
      kind: 'table',
      fields: Object.entries(entry).map(([name, value]) => readField(name, value)),
      imports: memberOf(schema, 'x-import') === true
    };
  }
  return { ...base, kind: 'shown' };
}

/** Read the words that a field takes, each with its label and help, or bare from `enum`. */
function readChoices(schema: ReadonlyJSONValue | undefined): readonly IChoice[] {
  const described = listIn(schema, 'x-choices').map(choice => ({
    value: textIn(choice, 'value'),
    title: textIn(choice, 'label') || textIn(choice, 'value'),
    help: textIn(choice, 'help')
  }));
  const words = listIn(schema, 'enum').filter(word => typeof word === 'string');
  return described.length > 0
    ? described
    : words.map(word => ({ value: word, title: word, help: '' }));
}

/** The member of a value that may be an object. */
function memberOf(value: ReadonlyJSONValue | undefined, key: string): ReadonlyJSONValue | null {
  return isObject(value) ? (value[key] ?? null) : null;
}

/** The object at a key; an empty one where there is none. */
function objectIn(value: ReadonlyJSONValue | undefined, key: string): ReadonlyJSONObject {
  const member = memberOf(value, key);
  return isObject(member) ? member : {};
}

/** The list at a key; an empty one where there is none. */
function listIn(value: ReadonlyJSONValue | undefined, key: string): readonly ReadonlyJSONValue[] {
  const member = memberOf(value, key);
  return Array.isArray(member) ? (member as readonly ReadonlyJSONValue[]) : [];
}

/** The text at a key; empty where there is none. */
function textIn(value: ReadonlyJSONValue | undefined, key: string): string {
  const member = memberOf(value, key);
  return typeof member === 'string' ? member : '';
}
