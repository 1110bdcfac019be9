import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  changes,
  complaintOf,
  freeName,
  moved,
  patched,
  rebased,
  valueOf,
  variableFor
} from '../src/draft';
import { readSections } from '../src/schema';
import { answer, SCHEMA } from './fakes';

void test('each kind of setting becomes its kind of field, in the order of the schema', () => {
  const [azure] = readSections(SCHEMA);
  assert.deepEqual(
    azure?.fields.map(field => [field.key, field.kind, field.title]),
    [
      ['Azure.cloud', 'choice', 'Cloud'],
      ['Azure.auth_methods', 'ordered', 'Sign-in methods'],
      ['Azure.tenant_id', 'text', 'Azure.tenant_id'],
      ['Azure.strange', 'shown', 'Azure.strange']
    ]
  );
});

void test('a choice without a description is its own label', () => {
  const [section] = readSections({ properties: { A: { properties: { b: { enum: ['x'] } } } } });
  const [field] = section?.fields ?? [];
  assert.deepEqual(field?.kind === 'choice' && field.choices, [
    { value: 'x', title: 'x', help: '' }
  ]);
});

void test('a schema of another shape gives no fields instead of a failure', () => {
  for (const schema of [{}, { properties: 1 }, { properties: { A: null } }]) {
    assert.deepEqual(
      readSections(schema).flatMap(section => section.fields),
      []
    );
  }
});

void test('a cleared value is sent as null, which takes it out of the file', () => {
  const before = answer('one', { tenant_id: 'contoso.com' }).settings;
  assert.deepEqual(changes(before, answer('one').settings), { Azure: { tenant_id: null } });
});

void test('a table by name gives each entry the same fields', () => {
  const entry = { properties: { Id: { type: ['string', 'null'] }, On: { type: 'boolean' } } };
  const table = { type: 'object', 'x-map': true, additionalProperties: entry };
  const [section] = readSections({ properties: { A: { properties: { Spaces: table } } } });
  const [field] = section?.fields ?? [];
  assert.deepEqual(field?.kind === 'table' && field.fields.map(({ key, kind }) => [key, kind]), [
    ['Id', 'text'],
    ['On', 'toggle']
  ]);
});

void test('an entry that goes is null, and one that stays sends only what changed', () => {
  const before = { Spaces: { a: { Id: '1', Name: 'x' }, b: { Id: '2' } } };
  const after = { Spaces: { a: { Id: '1', Name: 'y' }, c: {} } };
  const patch = { Spaces: { a: { Name: 'y' }, b: null, c: {} } };
  assert.deepEqual(changes(before, after), patch);
  assert.deepEqual(patched(before, patch), after);
});

void test('a text of another form than the schema asks for is refused in its words', () => {
  const id = { type: 'string', pattern: '^(?:[0-9]{3})$', 'x-refusal': 'is not an id.' };
  const free = { type: 'string' };
  const [section] = readSections({ properties: { A: { properties: { id, free } } } });
  const [first, second] = section?.fields ?? [];
  assert.ok(first?.kind === 'text' && second?.kind === 'text');
  assert.equal(complaintOf(first, '12'), "'12' is not an id.");
  for (const value of [null, '', ' 123 ']) {
    assert.equal(complaintOf(first, value), '');
  }
  assert.equal(complaintOf(second, 'anything'), '');
});

const VARIABLES: [string[], string][] = [
  [['TIProviders', 'OTX', 'Args', 'AuthKey'], 'OTX_AUTHKEY'],
  [['Azure', 'client_secret'], 'AZURE_CLIENT_SECRET'],
  [['Other', '3 a.b', 'key'], '_3_A_B_KEY']
];
for (const [place, expected] of VARIABLES) {
  void test(`a secret at ${place.join('/')} is called ${expected}`, () => {
    assert.equal(variableFor(place), expected);
  });
}

void test('an import under a name that is taken gets a number', () => {
  assert.equal(freeName('soc', []), 'soc');
  assert.equal(freeName('soc', ['soc', 'soc 2']), 'soc 3');
});

void test('an order is a difference', () => {
  const after = answer('one', { auth_methods: ['msi', 'cli'] }).settings;
  assert.deepEqual(changes(answer('one').settings, after), {
    Azure: { auth_methods: ['msi', 'cli'] }
  });
});

void test('own changes survive on top of theirs', () => {
  const form = {
    sections: [],
    answer: answer('one'),
    draft: answer('one', { cloud: 'cn' }).settings
  };
  const settings = rebased(form, answer('two', { tenant_id: 'contoso.com' }).settings);
  assert.equal(valueOf(settings, 'Azure.cloud'), 'cn');
  assert.equal(valueOf(settings, 'Azure.tenant_id'), 'contoso.com');
});

const MOVES: [number, number, string][] = [
  [0, 2, 'bca'],
  [2, 0, 'cab'],
  [1, 1, 'abc'],
  [0, 1, 'bac']
];
for (const [from, to, expected] of MOVES) {
  void test(`moving ${from} to ${to} gives ${expected}`, () => {
    assert.equal(moved(['a', 'b', 'c'], from, to).join(''), expected);
  });
}
