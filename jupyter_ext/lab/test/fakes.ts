/** What the tests share: a server that does as it is told, and a schema of one field a kind. */
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import type {
  CheckOutcome,
  IChange,
  ICheckReport,
  ISettingsAnswer,
  IVersion,
  ISettingsChanged,
  ISettingsClient,
  ImportOutcome,
  SaveOutcome,
  Settings
} from '../src/tokens';

export const SCHEMA: ReadonlyJSONObject = {
  properties: {
    Azure: {
      title: 'Azure',
      properties: {
        cloud: {
          title: 'Cloud',
          type: 'string',
          enum: ['global', 'usgov'],
          'x-choices': [
            { value: 'global', label: 'Azure global', help: 'The public cloud.' },
            { value: 'usgov', label: 'US Government', help: 'That of the government.' }
          ]
        },
        auth_methods: {
          title: 'Sign-in methods',
          description: 'Tried in this order.',
          type: 'array',
          'x-choices': [{ value: 'cli', label: 'Azure CLI', help: '' }]
        },
        tenant_id: { type: ['string', 'null'], 'x-placeholder': 'contoso.com' },
        strange: { type: 'object' }
      }
    }
  }
};

export const VALUES = { cloud: 'global', auth_methods: ['cli', 'msi'], tenant_id: null };

/** An answer of the server. */
export function answer(revision: string, azure: Settings[string] = {}): ISettingsAnswer {
  return {
    settings: { Azure: { ...VALUES, ...azure } },
    revision,
    path: '/home/me/msticpyconfig.yaml',
    state: 'ok',
    fault: null,
    problems: [],
    locks: [],
    notices: [],
    sources: {},
    others: {},
    plain_secrets: []
  };
}

/** An answer about a file that does not parse. */
export function brokenAnswer(revision: string): ISettingsAnswer {
  const fault = { message: 'It breaks.', line: 3, column: 7 };
  return { ...answer(revision), state: 'broken', fault };
}

/** A report of the doctor about a cloud in which all is well. */
export function report(cloud: string): ICheckReport {
  return {
    ok: true,
    summary: 'A sign-in should work, with Azure CLI.',
    cloud,
    title: 'A cloud',
    status: 'active',
    tenant: 'organizations',
    components: [],
    methods: [],
    notes: []
  };
}

/** A server that answers with what the test puts here. */
export class FakeClient implements ISettingsClient {
  now: ISettingsAnswer | Error = answer('one');
  outcome: SaveOutcome | Error = { kind: 'saved', answer: answer('two', { cloud: 'usgov' }) };
  reads = 0;
  readonly saved: { changes: ReadonlyJSONObject; revision: string }[] = [];
  past: readonly IVersion[] | Error = [
    { revision: 'one', origin: 'sidebar', when: '2026-01-02T03:04:05+00:00' },
    { revision: 'zero', origin: 'outside', when: '2026-01-01T03:04:05+00:00' }
  ];
  readonly restored: { version: string; revision: string }[] = [];
  checked: CheckOutcome | Error = { kind: 'done', report: report('global') };
  checks = 0;
  readonly changed = new Signal<this, ISettingsChanged>(this);
  /** What is read from a text of the portal. */
  readFrom: (text: string) => ImportOutcome | Error = name => ({ kind: 'read', name, entry: {} });
  /** Called in the middle of a save. */
  during: () => void = () => undefined;

  async read(): Promise<ISettingsAnswer> {
    this.reads += 1;
    await Promise.resolve();
    return orThrow(this.now);
  }

  async schema(): Promise<ReadonlyJSONObject> {
    await Promise.resolve();
    return SCHEMA;
  }

  async save(changes: ReadonlyJSONObject, revision: string): Promise<SaveOutcome> {
    this.saved.push({ changes, revision });
    await Promise.resolve();
    this.during();
    return orThrow(this.outcome);
  }

  async versions(): Promise<readonly IVersion[]> {
    await Promise.resolve();
    return orThrow(this.past);
  }

  async changesSince(version: string): Promise<readonly IChange[]> {
    await Promise.resolve();
    return [{ key: 'Azure.cloud', old: version, new: 'now' }];
  }

  async importEntry(text: string): Promise<ImportOutcome> {
    await Promise.resolve();
    return orThrow(this.readFrom(text));
  }

  async restore(version: string, revision: string): Promise<SaveOutcome> {
    this.restored.push({ version, revision });
    await Promise.resolve();
    return orThrow(this.outcome);
  }

  async check(): Promise<CheckOutcome> {
    this.checks += 1;
    await Promise.resolve();
    this.during();
    return orThrow(this.checked);
  }

  /** Tell that the settings changed, as the server's event does. */
  announce(revision: string, origin = 'editor'): void {
    this.changed.emit({ revision, origin });
  }
}

function orThrow<T>(value: T | Error): T {
  if (value instanceof Error) {
    throw value;
  }
  return value;
}
