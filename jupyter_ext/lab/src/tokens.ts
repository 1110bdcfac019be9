import type { ReadonlyJSONObject, ReadonlyJSONValue } from '@lumino/coreutils';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

/** Values by section and name, as the server sends them: `{"Azure": {"cloud": "usgov"}}`. */
export type Settings = Readonly<Record<string, Readonly<Record<string, ReadonlyJSONValue>>>>;

/** Where a settings file stops making sense, counted from 1. */
export interface IFault {
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** A sentence about one setting; the key is dotted, such as `Azure.cloud`. */
export interface IProblem {
  readonly key: string | null;
  readonly message: string;
}

/** A setting, or a table of them, that is locked, and why. */
export interface ILock {
  readonly key: string;
  readonly reason: string;
}

/** Where a value comes from: the layer, its file, and the line in it, counted from 1. */
export interface ISource {
  readonly layer: string;
  readonly path: string | null;
  readonly line: number | null;
}

/** What GET and a successful PATCH of `settings` answer. */
export interface ISettingsAnswer {
  readonly settings: Settings;
  readonly revision: string;
  readonly path: string;
  readonly state: 'ok' | 'missing' | 'broken';
  readonly fault: IFault | null;
  readonly problems: readonly IProblem[];
  /** What an administrator does not let anyone change. */
  readonly locks: readonly ILock[];
  /** What has no effect, and why, in sentences. */
  readonly notices: readonly string[];
  /** Where a value comes from, by dotted key, for what is not the default. */
  readonly sources: Readonly<Record<string, ISource>>;
  /** Sections of other programs, secrets masked; shown, never sent back. */
  readonly others: ReadonlyJSONObject;
  /** Where the file holds a secret in plain text: the names from the section down. */
  readonly plain_secrets: readonly (readonly string[])[];
}

/** What the server says to a text from which an entry of a table is to be read. */
export type ImportOutcome =
  | { readonly kind: 'read'; readonly name: string; readonly entry: ReadonlyJSONObject }
  | { readonly kind: 'refused'; readonly message: string };

/** What the server says to a save. */
export type SaveOutcome =
  | { readonly kind: 'saved'; readonly answer: ISettingsAnswer }
  | { readonly kind: 'conflict'; readonly theirs: ISettingsAnswer }
  | {
      readonly kind: 'refused';
      readonly message: string;
      readonly problems: readonly IProblem[];
    };

/** One state that the settings file had. */
export interface IVersion {
  readonly revision: string;
  readonly origin: string;
  /** A time in UTC, ISO 8601. */
  readonly when: string;
}

/** One setting that differs between two versions; null where the values are not ours to show. */
export interface IChange {
  readonly key: string;
  readonly old: string | null;
  readonly new: string | null;
}

/** The event `settings_changed`: a hint that there is something to read, never the values. */
export interface ISettingsChanged {
  readonly revision: string;
  readonly origin: string;
}

/** One word that a field takes, and what it means. */
export interface IChoice {
  readonly value: string;
  readonly title: string;
  readonly help: string;
}

/** What every field has. */
interface IFieldBase {
  /** The dotted key, such as `Azure.cloud`; in a table, the key below an entry. */
  readonly key: string;
  readonly title: string;
  readonly help: string;
  /** Seldom needed, so folded away. */
  readonly advanced: boolean;
}

/** What a text must look like. */
interface ITextForm {
  /** A regular expression for the text without the blanks around it; empty for any text. */
  readonly pattern: string;
  /** What to say after a text that does not match. */
  readonly refusal: string;
}

/** A setting as the panel draws it; the kind follows from the schema. */
export type Field =
  | (IFieldBase & { readonly kind: 'choice'; readonly choices: readonly IChoice[] })
  | (IFieldBase & { readonly kind: 'ordered'; readonly choices: readonly IChoice[] })
  | (IFieldBase & { readonly kind: 'text'; readonly placeholder: string } & ITextForm)
  | (IFieldBase & { readonly kind: 'toggle' })
  /** A table by name; each entry has the same fields. */
  | (IFieldBase & {
      readonly kind: 'table';
      readonly fields: readonly Field[];
      /** Its entries can be read from what the portal gives. */
      readonly imports: boolean;
    })
  /** A shape that no control here fits: shown, to be changed in the file. */
  | (IFieldBase & { readonly kind: 'shown' });

/** The fields of one section of the file. */
export interface ISection {
  readonly name: string;
  readonly title: string;
  readonly fields: readonly Field[];
}

/** What the user looks at: the last answer, and what the user made of it. */
export interface IForm {
  readonly sections: readonly ISection[];
  readonly answer: ISettingsAnswer;
  readonly draft: Settings;
}

/** All that the panel can be. */
export type PanelState =
  | { readonly kind: 'loading' }
  /** The server does not answer; edits made before stay in the form. */
  | { readonly kind: 'unreachable'; readonly message: string; readonly form: IForm | null }
  /** The file can't be parsed: shown, not editable. */
  | { readonly kind: 'broken'; readonly form: IForm; readonly fault: IFault }
  | { readonly kind: 'unchanged'; readonly form: IForm }
  | { readonly kind: 'edited'; readonly form: IForm }
  | { readonly kind: 'saving'; readonly form: IForm }
  | { readonly kind: 'saved'; readonly form: IForm }
  /** Somebody else saved while there were unsaved edits here. */
  | { readonly kind: 'conflict'; readonly form: IForm; readonly theirs: ISettingsAnswer }
  /** The server refused the last save. */
  | {
      readonly kind: 'refused';
      readonly form: IForm;
      readonly message: string;
      readonly problems: readonly IProblem[];
    };

/** All that the list of earlier versions can be. */
export type HistoryState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'listed';
      readonly versions: readonly IVersion[];
      /** The version that is unfolded, and what changed from it to now. */
      readonly unfolded: {
        readonly version: IVersion;
        readonly changes: readonly IChange[];
      } | null;
    };

/** Where one component signs in, what for, and where it calls; empty where it is not available. */
export interface IComponentCheck {
  readonly component: string;
  readonly title: string;
  readonly available: boolean;
  /** Whether login, scope and endpoint belong to the same cloud. */
  readonly agrees: boolean;
  readonly authority: string;
  readonly scope: string;
  readonly endpoint: string;
  /** Why not. */
  readonly note: string;
}

/** What one way to sign in would say. */
export interface IMethodCheck {
  readonly method: string;
  readonly outcome: string;
  /** The machine on which it works. */
  readonly machine: string;
  /** Why it would not answer, and what to do; empty where all is well. */
  readonly reason: string;
  readonly remedy: string;
}

/** What the sign-in doctor found on the server's machine; no token is in it. */
export interface ICheckReport {
  readonly ok: boolean;
  /** One sentence: would a sign-in work, and with which method. */
  readonly summary: string;
  readonly cloud: string;
  readonly title: string;
  readonly status: string;
  readonly tenant: string;
  readonly components: readonly IComponentCheck[];
  readonly methods: readonly IMethodCheck[];
  /** What else to know, in sentences. */
  readonly notes: readonly string[];
}

/** What the server says to a check. */
export type CheckOutcome =
  | { readonly kind: 'done'; readonly report: ICheckReport }
  /** The settings lead to no sign-in, or the check could not be run. */
  | { readonly kind: 'refused'; readonly message: string };

/** All that the check of the sign-in can be. */
export type CheckState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  | { readonly kind: 'unreachable'; readonly message: string }
  | CheckOutcome;

/** The server, seen from the model. A failed connection rejects the promise. */
export interface ISettingsClient {
  /** Read the settings. */
  read(): Promise<ISettingsAnswer>;
  /** Read the schema that every editor is built from. */
  schema(): Promise<ReadonlyJSONObject>;
  /** Save a merge patch on top of the revision that the user saw. */
  save(changes: ReadonlyJSONObject, revision: string): Promise<SaveOutcome>;
  /** List what the file was before, the newest first. */
  versions(): Promise<readonly IVersion[]>;
  /** List what changed from a version to now. */
  changesSince(version: string): Promise<readonly IChange[]>;
  /** Read an entry of a table from what was copied in the portal. */
  importEntry(text: string): Promise<ImportOutcome>;
  /** Bring a version back, on top of the revision that the user saw. */
  restore(version: string, revision: string): Promise<SaveOutcome>;
  /** Say what a sign-in by the saved settings would meet on the server's machine. */
  check(): Promise<CheckOutcome>;
  /** Tells that the settings changed somewhere. */
  readonly changed: ISignal<ISettingsClient, ISettingsChanged>;
}

/** The earlier versions of the settings file, read while somebody looks at them. */
export interface IHistoryModel {
  readonly state: HistoryState;
  readonly stateChanged: ISignal<IHistoryModel, HistoryState>;
  /** List the versions. */
  open(): Promise<void>;
  /** Go back to the settings. */
  close(): void;
  /** Show what changed from a version to now; null folds it again. */
  unfold(version: IVersion | null): Promise<void>;
}

/** The check of the sign-in; its result goes when the saved settings change. */
export interface ICheckModel {
  readonly state: CheckState;
  readonly stateChanged: ISignal<ICheckModel, CheckState>;
  /** Check now; while a check runs this does nothing. */
  run(): Promise<void>;
}

/** The settings and what can be done with them; other plugins may ask for it. */
export interface ISettingsModel {
  readonly state: PanelState;
  readonly stateChanged: ISignal<ISettingsModel, PanelState>;
  readonly history: IHistoryModel;
  readonly check: ICheckModel;
  /** Read the settings again; edits that are not saved stay. */
  refresh(): Promise<void>;
  /** Change one value in the form. */
  edit(key: string, value: ReadonlyJSONValue): void;
  /** Take back every edit that is not saved. */
  reset(): void;
  /** Save the edits. */
  save(): Promise<void>;
  /** Bring an earlier version of the file back; only where nothing is edited. */
  restore(version: string): Promise<void>;
  /** Read an entry of a table from what was copied in the portal; it changes nothing by itself. */
  importEntry(text: string): Promise<ImportOutcome>;
  /** Let the file name an environment variable where it holds a secret; only where nothing is edited. */
  replaceSecret(place: readonly string[], variable: string): Promise<void>;
  /** In a conflict: drop the own edit of one setting, or all edits, for what is in the file. */
  takeTheirs(key?: string): void;
  /** In a conflict: keep the own edits, on top of what is in the file. */
  keepMine(): void;
}

/** The token under which the model is provided. */
export const ISettingsModel = new Token<ISettingsModel>(
  '@huntbook/lab:ISettingsModel',
  'The settings of huntbook as the sidebar shows them.'
);
