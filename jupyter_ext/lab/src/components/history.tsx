import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { ReactElement } from 'react';
import { isEdited } from '../draft';
import type { HistoryState, IChange, IForm, IVersion } from '../tokens';
import type { IActions } from './actions';
import { Fold } from './fold';

/** The day and the minute, in the reader's own zone and language. */
const SHORT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Properties of {@link History}. */
export interface IHistoryProps {
  readonly history: HistoryState;
  readonly form: IForm;
  readonly actions: IActions;
  readonly trans: TranslationBundle;
}

/** The earlier versions of the file: when, by whom, what changed since, and the way back. */
export function History(props: IHistoryProps): ReactElement | null {
  const { history, trans } = props;
  switch (history.kind) {
    case 'closed':
      return null;
    case 'loading':
      return <p className="jp-Huntbook-help">{trans.__('Loading…')}</p>;
    case 'failed':
      return <p className="jp-Huntbook-problem">{history.message}</p>;
    case 'listed':
      return history.versions.length === 0 ? (
        <p className="jp-Huntbook-help">{trans.__('Nothing was saved yet.')}</p>
      ) : (
        <ul className="jp-Huntbook-list" aria-label={trans.__('Earlier versions')}>
          {history.versions.map((version, index) => (
            <li key={`${version.when} ${index}`} className="jp-Huntbook-entry">
              <Version
                version={version}
                isNow={index === 0 && version.revision === props.form.answer.revision}
                listed={history}
                {...props}
              />
            </li>
          ))}
        </ul>
      );
  }
}

/** One version; unfolded, it says what changed since and can be brought back. */
function Version(
  props: IHistoryProps & {
    version: IVersion;
    isNow: boolean;
    listed: Extract<HistoryState, { kind: 'listed' }>;
  }
): ReactElement {
  const { version, isNow, listed, form, actions, trans } = props;
  const label = (
    <>
      <span>{SHORT.format(new Date(version.when))}</span>
      <span className="jp-Huntbook-badge">
        {isNow ? trans.__('now') : originIn(version.origin, trans)}
      </span>
    </>
  );
  const changes = listed.unfolded?.version === version ? listed.unfolded.changes : undefined;
  return (
    <Fold
      label={label}
      unfolded={changes !== undefined}
      onFold={unfolded => actions.unfold(unfolded ? version : null)}
    >
      <Since changes={changes ?? []} trans={trans} />
      {!isNow && (
        <button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          aria-disabled={isEdited(form)}
          title={isEdited(form) ? trans.__('Save or reset your edits first') : ''}
          onClick={() => actions.restore(version.revision)}
        >
          {trans.__('Restore this version')}
        </button>
      )}
    </Fold>
  );
}

/** What changed from a version to now. */
function Since(props: { changes: readonly IChange[]; trans: TranslationBundle }): ReactElement {
  const { changes, trans } = props;
  if (changes.length === 0) {
    return <p className="jp-Huntbook-help">{trans.__('The same settings as now.')}</p>;
  }
  return (
    <ul className="jp-Huntbook-differences">
      {changes.map(change => (
        <li key={change.key}>
          <strong>{change.key}</strong>
          {change.old !== null && <span>{trans.__('then: %1', change.old)}</span>}
          {change.new !== null && <span>{trans.__('now: %1', change.new)}</span>}
        </li>
      ))}
    </ul>
  );
}

/** Who wrote, in words. */
function originIn(origin: string, trans: TranslationBundle): string {
  switch (origin) {
    case 'sidebar':
      return trans.__('this panel');
    case 'editor':
      return trans.__('a notebook’s editor');
    case 'magic':
      return trans.__('a notebook');
    case 'cli':
      return trans.__('the command line');
    default:
      return trans.__('another program');
  }
}
