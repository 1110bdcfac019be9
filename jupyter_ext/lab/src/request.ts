import { URLExt } from '@jupyterlab/coreutils';
import type { Event } from '@jupyterlab/services';
import { ServerConnection } from '@jupyterlab/services';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type {
  CheckOutcome,
  IChange,
  ICheckReport,
  IProblem,
  ISettingsAnswer,
  ISettingsChanged,
  ISettingsClient,
  ImportOutcome,
  IVersion,
  SaveOutcome
} from './tokens';

/** The identifier of the event in `huntbook_server/events/settings_changed.yaml`. */
const SETTINGS_CHANGED = 'https://schema.huntbook.dev/settings_changed/v1';

/** Who saves, as the history and the event name it. */
const ORIGIN = 'sidebar';

/** The members that an answer other than 200 may have. */
interface IRefusal {
  readonly message?: string;
  readonly current?: ISettingsAnswer;
  readonly problems?: readonly IProblem[];
}

/** The one place that talks to the server extension. */
export class SettingsClient implements ISettingsClient, IDisposable {
  constructor(options: SettingsClient.IOptions) {
    this._serverSettings = options.serverSettings;
    this._events = options.events;
    this._events.stream.connect(this._onEvent, this);
  }

  /** Tells that the settings changed somewhere. */
  get changed(): ISignal<this, ISettingsChanged> {
    return this._changed;
  }

  /** Whether the client is of no more use. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Stop listening to the server. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  /** Read the settings. */
  async read(): Promise<ISettingsAnswer> {
    return (await this._get('settings')) as ISettingsAnswer;
  }

  /** Read the schema that every editor is built from. */
  async schema(): Promise<ReadonlyJSONObject> {
    return (await this._get('schema')) as ReadonlyJSONObject;
  }

  /** Save a merge patch on top of the revision that the user saw. */
  save(changes: ReadonlyJSONObject, revision: string): Promise<SaveOutcome> {
    return this._save('settings', 'PATCH', { changes, origin: ORIGIN }, revision);
  }

  /** List what the file was before, the newest first. */
  async versions(): Promise<readonly IVersion[]> {
    const { versions } = (await this._get('history')) as { versions: IVersion[] };
    return versions;
  }

  /** List what changed from a version to now. */
  async changesSince(version: string): Promise<readonly IChange[]> {
    const { changes } = (await this._get(`history/${version}`)) as { changes: IChange[] };
    return changes;
  }

  /** Read an entry of a table from what was copied in the portal. */
  async importEntry(text: string): Promise<ImportOutcome> {
    const response = await this._request('import', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ text })
    });
    if (response.ok) {
      const read = (await response.json()) as { name: string; workspace: ReadonlyJSONObject };
      return { kind: 'read', name: read.name, entry: read.workspace };
    }
    const refusal = await refusalOf(response);
    const message = refusal.message ?? `${response.status} ${response.statusText}`;
    return { kind: 'refused', message };
  }

  /** Bring a version back, on top of the revision that the user saw. */
  restore(version: string, revision: string): Promise<SaveOutcome> {
    return this._save(`history/${version}`, 'POST', { origin: ORIGIN }, revision);
  }

  /** Say what a sign-in by the saved settings would meet on the server's machine. */
  async check(): Promise<CheckOutcome> {
    const response = await this._request('check', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}'
    });
    if (response.ok) {
      return { kind: 'done', report: (await response.json()) as ICheckReport };
    }
    const refusal = await refusalOf(response);
    const message = refusal.message ?? `${response.status} ${response.statusText}`;
    return { kind: 'refused', message };
  }

  /** Send something that changes the file, and tell what became of it. */
  private async _save(
    resource: string,
    method: string,
    body: ReadonlyJSONObject,
    revision: string
  ): Promise<SaveOutcome> {
    const response = await this._request(resource, {
      method,
      headers: { 'Content-Type': 'application/json', 'If-Match': `"${revision}"` },
      body: JSON.stringify(body)
    });
    if (response.ok) {
      return { kind: 'saved', answer: (await response.json()) as ISettingsAnswer };
    }
    const refusal = await refusalOf(response);
    if (response.status === 412 && refusal.current !== undefined) {
      return { kind: 'conflict', theirs: refusal.current };
    }
    if ([400, 409, 413, 422].includes(response.status)) {
      return {
        kind: 'refused',
        message: refusal.message ?? response.statusText,
        problems: refusal.problems ?? []
      };
    }
    throw new Error(refusal.message ?? `${response.status} ${response.statusText}`);
  }

  private async _get(resource: string): Promise<unknown> {
    const response = await this._request(resource, { method: 'GET' });
    if (!response.ok) {
      const refusal = await refusalOf(response);
      throw new Error(refusal.message ?? `${response.status} ${response.statusText}`);
    }
    return response.json();
  }

  private _request(resource: string, init: RequestInit): Promise<Response> {
    const url = URLExt.join(this._serverSettings.baseUrl, 'huntbook', resource);
    return ServerConnection.makeRequest(url, init, this._serverSettings);
  }

  private _onEvent(_: Event.IManager, emission: Event.Emission): void {
    const { schema_id: schema, revision, origin } = emission;
    if (schema === SETTINGS_CHANGED && typeof revision === 'string') {
      this._changed.emit({ revision, origin: typeof origin === 'string' ? origin : '' });
    }
  }

  private readonly _changed = new Signal<this, ISettingsChanged>(this);
  private readonly _events: Event.IManager;
  private _isDisposed = false;
  private readonly _serverSettings: ServerConnection.ISettings;
}

/** What belongs to the client. */
export namespace SettingsClient {
  /** What the client needs of the application. */
  export interface IOptions {
    readonly serverSettings: ServerConnection.ISettings;
    readonly events: Event.IManager;
  }
}

/** What an answer other than 200 says; a proxy's page of HTML says nothing that we could show. */
async function refusalOf(response: Response): Promise<IRefusal> {
  try {
    return (await response.json()) as IRefusal;
  } catch {
    return {};
  }
}
