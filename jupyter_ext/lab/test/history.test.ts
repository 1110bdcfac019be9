import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryModel } from '../src/history';
import { SettingsModel } from '../src/model';
import { answer, FakeClient } from './fakes';

/** A history beside settings that were read. */
async function ready(): Promise<{
  client: FakeClient;
  settings: SettingsModel;
  history: HistoryModel;
}> {
  const client = new FakeClient();
  const settings = new SettingsModel(client);
  await settings.refresh();
  return { client, settings, history: settings.history };
}

void test('lists the versions and unfolds one of them', async () => {
  const { history } = await ready();
  await history.open();
  const versions = history.state.kind === 'listed' ? history.state.versions : [];
  await history.unfold(versions[1] ?? null);
  assert.deepEqual(history.state.kind === 'listed' && history.state.unfolded, {
    version: versions[1],
    changes: [{ key: 'Azure.cloud', old: 'zero', new: 'now' }]
  });
  await history.unfold(null);
  assert.equal(history.state.kind === 'listed' && history.state.unfolded, null);
});

void test('a server that fails is said so', async () => {
  const { client, history } = await ready();
  client.past = new Error('gone');
  await history.open();
  assert.deepEqual(history.state, { kind: 'failed', message: 'gone' });
});

void test('a restore is based on the revision on show, and the open list follows it', async () => {
  const { client, settings, history } = await ready();
  await history.open();
  client.past = [{ revision: 'two', origin: 'sidebar', when: '2026-01-03T00:00:00+00:00' }];
  await settings.restore('zero');
  assert.deepEqual(client.restored, [{ version: 'zero', revision: 'one' }]);
  await new Promise(resolve => setTimeout(resolve));
  assert.equal(history.state.kind === 'listed' && history.state.versions[0]?.revision, 'two');
});

void test('with unsaved edits nothing is restored', async () => {
  const { client, settings } = await ready();
  settings.edit('Azure.cloud', 'usgov');
  await settings.restore('zero');
  assert.deepEqual(client.restored, []);
});

void test('a list that was closed meanwhile stays closed', async () => {
  const { client, settings, history } = await ready();
  const opening = history.open();
  history.close();
  await opening;
  client.now = answer('two');
  await settings.refresh();
  assert.equal(history.state.kind, 'closed');
});
