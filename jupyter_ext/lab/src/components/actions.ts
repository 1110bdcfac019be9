import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONValue } from '@lumino/coreutils';
import type { ImportOutcome, IVersion } from '../tokens';

/** What a user can do in the panel. */
export interface IActions {
  /** Change one value in the form. */
  readonly edit: (key: string, value: ReadonlyJSONValue) => void;
  readonly reset: () => void;
  readonly save: () => void;
  /** Read from the server again. */
  readonly retry: () => void;
  /** In a conflict: take what is in the file, for one setting or for all. */
  readonly takeTheirs: (key?: string) => void;
  /** In a conflict: keep the own edits. */
  readonly keepMine: () => void;
  /** Show the earlier versions instead of the settings, or go back. */
  readonly showHistory: (shown: boolean) => void;
  /** Show what changed since a version; null folds it again. */
  readonly unfold: (version: IVersion | null) => void;
  /** Bring a version back. */
  readonly restore: (version: string) => void;
  /** Read an entry of a table from what was copied in the portal. */
  readonly importEntry: (text: string) => Promise<ImportOutcome>;
  /** Let the file name an environment variable where it holds a secret. */
  readonly replaceSecret: (place: readonly string[], variable: string) => void;
  /** Say what a sign-in by the saved settings would meet. */
  readonly checkSignIn: () => void;
}

/** Finds why the value at a dotted key can't be taken; empty when it can. */
export type FindProblem = (key: string) => string;

/** Finds who else decides about the value at a dotted key, and where it comes from. */
export type FindHold = (key: string) => {
  /** Who else decides, for the user; empty for nobody. */
  readonly note: string;
  /** The file and the line, in words; empty for a default. */
  readonly source: string;
  readonly locked: boolean;
};

/** What each field component is given, next to its own kind of field. */
export interface IFieldProps<F, V> {
  readonly field: F;
  readonly value: V;
  /** Why the value can't be taken; empty when it can. */
  readonly problem: string;
  /** Who else decides about the value; empty for nobody. */
  readonly note: string;
  /** Where the value comes from; empty for a default and for what is not saved. */
  readonly source: string;
  /** The value differs from what is saved. */
  readonly edited: boolean;
  /** Shown, but not to be changed. */
  readonly disabled: boolean;
  readonly trans: TranslationBundle;
  readonly onChange: (value: V) => void;
}
