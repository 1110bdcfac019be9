import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formOf, valueOf } from '../src/draft';
import { SettingsModel } from '../src/model';
import type { ISettingsAnswer } from '../src/tokens';
import { answer, brokenAnswer, FakeClient } from './fakes';

/** A model that has read the settings once. */
async function ready(): Promise<{ client: FakeClient; model: SettingsModel }> {
  const client = new FakeClient();
  const model = new SettingsModel(client);
  await model.refresh();
  return { client, model };
}

/** The cloud in the form. */
function cloudOf(model: SettingsModel): unknown {
  const form = formOf(model.state);
  return form === null ? undefined : valueOf(form.draft, 'Azure.cloud');
}

/** Let everything that is under way come to its end. */
const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

void test('begins with loading and shows what it has read', async () => {
  const model = new SettingsModel(new FakeClient());
  assert.equal(model.state.kind, 'loading');
  await model.refresh();
  assert.equal(model.state.kind, 'unchanged');
  assert.equal(cloudOf(model), 'global');
});

void test('an edit that is taken back by hand leaves nothing to save', async () => {
  const { model } = await ready();
  model.edit('Azure.cloud', 'usgov');
  assert.equal(model.state.kind, 'edited');
  model.edit('Azure.cloud', 'global');
  assert.equal(model.state.kind, 'unchanged');
});

void test('reset takes back every edit', async () => {
  const { model } = await ready();
  model.edit('Azure.cloud', 'usgov');
  model.edit('Azure.tenant_id', 'contoso.com');
  model.reset();
  assert.equal(model.state.kind, 'unchanged');
  assert.equal(cloudOf(model), 'global');
});

void test('saves only what changed, on top of the revision on show', async () => {
  const { client, model } = await ready();
  model.edit('Azure.cloud', 'usgov');
  await model.save();
  assert.deepEqual(client.saved, [{ changes: { Azure: { cloud: 'usgov' } }, revision: 'one' }]);
  assert.equal(model.state.kind, 'saved');
});

void test('with nothing changed nothing is sent', async () => {
  const { client, model } = await ready();
  await model.save();
  assert.deepEqual(client.saved, []);
});

void test('the echo of the own save is no news, before and after its answer', async () => {
  const { client, model } = await ready();
  client.during = () => client.announce('two');
  client.now = answer('two', { cloud: 'usgov' });
  model.edit('Azure.cloud', 'usgov');
  await model.save();
  client.announce('two');
  await settled();
  assert.equal(model.state.kind, 'saved');
  assert.equal(client.reads, 1);
});

void test('a change elsewhere during a save is read after it', async () => {
  const { client, model } = await ready();
  client.during = () => client.announce('three');
  client.now = answer('three', { cloud: 'cn' });
  model.edit('Azure.cloud', 'usgov');
  await model.save();
  assert.equal(model.state.kind, 'unchanged');
  assert.equal(cloudOf(model), 'cn');
});

void test('a change elsewhere is shown at once where nothing is edited', async () => {
  const { client, model } = await ready();
  client.now = answer('two', { cloud: 'usgov' });
  client.announce('two');
  await settled();
  assert.equal(model.state.kind, 'unchanged');
  assert.equal(cloudOf(model), 'usgov');
});

/** A model with an unsaved cloud, while somebody else saved another tenant. */
async function conflict(): Promise<{ client: FakeClient; model: SettingsModel }> {
  const both = await ready();
  both.model.edit('Azure.cloud', 'usgov');
  both.client.now = answer('two', { tenant_id: 'contoso.com' });
  both.client.announce('two');
  await settled();
  return both;
}

void test('a change elsewhere never replaces an edit', async () => {
  const { model } = await conflict();
  assert.equal(model.state.kind, 'conflict');
  assert.equal(cloudOf(model), 'usgov');
});

void test('keep mine puts the own edits on top of theirs', async () => {
  const { client, model } = await conflict();
  model.keepMine();
  await model.save();
  assert.deepEqual(client.saved, [{ changes: { Azure: { cloud: 'usgov' } }, revision: 'two' }]);
});

void test('take theirs shows the file', async () => {
  const { model } = await conflict();
  model.takeTheirs();
  assert.equal(model.state.kind, 'unchanged');
  assert.equal(cloudOf(model), 'global');
});

void test('theirs can be taken for one setting, and the others stay', async () => {
  const { client, model } = await conflict();
  model.edit('Azure.auth_methods', ['msi']);
  model.takeTheirs('Azure.cloud');
  assert.equal(model.state.kind, 'conflict');
  model.keepMine();
  await model.save();
  assert.deepEqual(client.saved[0]?.changes, { Azure: { auth_methods: ['msi'] } });
});

void test('a conflict ends when theirs was taken for each', async () => {
  const { model } = await conflict();
  model.takeTheirs('Azure.cloud');
  assert.equal(model.state.kind, 'unchanged');
});

void test('edits go on during a conflict, and it ends when there are none left', async () => {
  const { model } = await conflict();
  model.edit('Azure.tenant_id', 'fabrikam.com');
  assert.equal(model.state.kind, 'conflict');
  model.reset();
  assert.equal(model.state.kind, 'unchanged');
});

void test('a save on a stale revision becomes a conflict, and nothing is lost', async () => {
  const { client, model } = await ready();
  client.outcome = { kind: 'conflict', theirs: answer('two', { tenant_id: 'contoso.com' }) };
  model.edit('Azure.cloud', 'usgov');
  await model.save();
  assert.equal(model.state.kind, 'conflict');
  assert.equal(cloudOf(model), 'usgov');
});

void test('two who came to the same values have no conflict', async () => {
  const { client, model } = await ready();
  model.edit('Azure.cloud', 'usgov');
  client.now = answer('two', { cloud: 'usgov' });
  client.announce('two');
  await settled();
  assert.equal(model.state.kind, 'unchanged');
});

void test('a refused save keeps the edit and says why', async () => {
  const { client, model } = await ready();
  const problems = [{ key: 'Azure.cloud', message: 'No.' }];
  client.outcome = { kind: 'refused', message: 'No.', problems };
  model.edit('Azure.cloud', 'moon');
  await model.save();
  assert.deepEqual(model.state.kind === 'refused' && model.state.problems, problems);
  assert.equal(cloudOf(model), 'moon');
});

void test('a server that went away keeps the edit, and Retry brings the form back', async () => {
  const { client, model } = await ready();
  client.outcome = new Error('gone');
  model.edit('Azure.cloud', 'usgov');
  await model.save();
  assert.equal(model.state.kind, 'unreachable');
  await model.refresh();
  assert.equal(model.state.kind, 'edited');
  assert.equal(cloudOf(model), 'usgov');
});

void test('a server that never answered is tried again', async () => {
  const client = new FakeClient();
  client.now = new Error('gone');
  const model = new SettingsModel(client);
  await model.refresh();
  assert.equal(model.state.kind, 'unreachable');
  client.now = answer('one');
  await model.refresh();
  assert.equal(model.state.kind, 'unchanged');
});

void test('a file that breaks under an edit takes no edits, and gives them back when mended', async () => {
  const { client, model } = await ready();
  model.edit('Azure.cloud', 'usgov');
  client.now = brokenAnswer('two');
  client.announce('two');
  await settled();
  assert.equal(model.state.kind, 'broken');
  model.edit('Azure.cloud', 'cn');
  client.now = answer('one');
  client.announce('one');
  await model.refresh();
  assert.equal(model.state.kind, 'edited');
  assert.equal(cloudOf(model), 'usgov');
});

/** An answer in which an administrator locked the cloud; the user's file is as it was. */
function locked(revision: string): ISettingsAnswer {
  const locks = [{ key: 'Azure.cloud', reason: 'One cloud.' }];
  return { ...answer(revision, { cloud: 'cn' }), locks };
}

void test('a new lock is shown although the file did not change, also right after a save', async () => {
  const { client, model } = await ready();
  model.edit('Azure.cloud', 'usgov');
  await model.save();
  assert.equal(model.state.kind, 'saved');
  client.now = locked('two');
  client.announce('two', 'outside');
  await settled();
  assert.equal(formOf(model.state)?.answer.locks.length, 1);
  assert.equal(cloudOf(model), 'cn');
});

void test('a new lock takes back the edit that it forbids and no other', async () => {
  const { client, model } = await ready();
  model.edit('Azure.cloud', 'usgov');
  model.edit('Azure.tenant_id', 'contoso.com');
  client.now = locked('one');
  client.announce('one', 'outside');
  await settled();
  assert.equal(model.state.kind, 'edited');
  await model.save();
  assert.deepEqual(client.saved[0]?.changes, { Azure: { tenant_id: 'contoso.com' } });
});

void test('keep mine gives up what was locked meanwhile', async () => {
  const { client, model } = await ready();
  model.edit('Azure.cloud', 'usgov');
  client.now = locked('two');
  client.announce('two');
  await settled();
  assert.equal(model.state.kind, 'conflict');
  model.keepMine();
  assert.equal(model.state.kind, 'unchanged');
});

void test('an event from outside that brings nothing new changes nothing', async () => {
  const { client, model } = await ready();
  model.edit('Azure.cloud', 'usgov');
  await model.save();
  client.now = answer('two', { cloud: 'usgov' });
  client.announce('two', 'outside');
  await settled();
  assert.equal(model.state.kind, 'saved');
});

void test('a secret is replaced by the name of a variable, in a save of its own', async () => {
  const { client, model } = await ready();
  await model.replaceSecret(['TIProviders', 'a.b', 'AuthKey'], 'B_KEY');
  const reference = { TIProviders: { 'a.b': { AuthKey: { EnvironmentVar: 'B_KEY' } } } };
  assert.deepEqual(client.saved, [{ changes: reference, revision: 'one' }]);
});

void test('with unsaved edits no secret is replaced', async () => {
  const { client, model } = await ready();
  model.edit('Azure.cloud', 'usgov');
  await model.replaceSecret(['Azure', 'client_secret'], 'KEY');
  assert.deepEqual(client.saved, []);
});

void test('what the portal gave is read by the server, and a server that is gone is said so', async () => {
  const { client, model } = await ready();
  assert.deepEqual(await model.importEntry('soc'), { kind: 'read', name: 'soc', entry: {} });
  client.readFrom = () => new Error('gone');
  assert.deepEqual(await model.importEntry('soc'), { kind: 'refused', message: 'gone' });
  assert.equal(model.state.kind, 'unchanged');
});

void test('a burst of events costs one read for the first and one for all others', async () => {
  const { client } = await ready();
  client.now = answer('nine');
  for (const revision of ['two', 'three', 'four', 'five']) {
    client.announce(revision);
  }
  await settled();
  assert.equal(client.reads, 3);
});

void test('a disposed model hears nothing more', async () => {
  const { client, model } = await ready();
  model.dispose();
  client.announce('two');
  await settled();
  assert.equal(client.reads, 1);
});
