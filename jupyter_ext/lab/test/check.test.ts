import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingsModel } from '../src/model';
import { answer, FakeClient, report } from './fakes';

/** Settings that were read, with their check. */
async function ready(): Promise<{ client: FakeClient; settings: SettingsModel }> {
  const client = new FakeClient();
  const settings = new SettingsModel(client);
  await settings.refresh();
  return { client, settings };
}

void test('shows that it runs, then what the server found', async () => {
  const { settings } = await ready();
  const kinds: string[] = [];
  settings.check.stateChanged.connect((_, state) => kinds.push(state.kind));
  await settings.check.run();
  assert.deepEqual(kinds, ['running', 'done']);
  assert.deepEqual(settings.check.state, { kind: 'done', report: report('global') });
});

void test('a second press while it runs asks nothing', async () => {
  const { client, settings } = await ready();
  await Promise.all([settings.check.run(), settings.check.run()]);
  assert.equal(client.checks, 1);
});

void test('a refusal and a server that is gone are two things', async () => {
  const { client, settings } = await ready();
  client.checked = { kind: 'refused', message: 'No such cloud.' };
  await settings.check.run();
  assert.deepEqual(settings.check.state, { kind: 'refused', message: 'No such cloud.' });
  client.checked = new Error('gone');
  await settings.check.run();
  assert.deepEqual(settings.check.state, { kind: 'unreachable', message: 'gone' });
});

void test('the result stays while somebody edits and goes with the save', async () => {
  const { settings } = await ready();
  await settings.check.run();
  settings.edit('Azure.cloud', 'usgov');
  assert.equal(settings.check.state.kind, 'done');
  await settings.save();
  assert.equal(settings.check.state.kind, 'none');
});

void test('the result goes when the file or an administrator changes the settings', async () => {
  const { client, settings } = await ready();
  await settings.check.run();
  await settings.refresh();
  assert.equal(settings.check.state.kind, 'done');
  client.now = answer('one', { cloud: 'cn' });
  await settings.refresh();
  assert.equal(settings.check.state.kind, 'none');
});

void test('settings that change during a check are checked again', async () => {
  const { client, settings } = await ready();
  const running = settings.check.run();
  settings.edit('Azure.cloud', 'usgov');
  const saving = settings.save();
  client.checked = { kind: 'done', report: report('usgov') };
  await Promise.all([running, saving]);
  assert.equal(client.checks, 2);
  assert.deepEqual(settings.check.state, { kind: 'done', report: report('usgov') });
});
