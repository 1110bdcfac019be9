import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useId, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { formOf } from '../draft';
import type {
  CheckState,
  ICheckReport,
  IComponentCheck,
  IMethodCheck,
  PanelState
} from '../tokens';
import type { IActions } from './actions';
import { Fold } from './fold';

/** The setting whose choices name the ways to sign in. */
const METHODS_KEY = 'Azure.auth_methods';

/** Properties of {@link CheckView}. */
export interface ICheckViewProps {
  readonly state: PanelState;
  readonly check: CheckState;
  /** Something on this tab is not saved. */
  readonly edited: boolean;
  readonly actions: IActions;
  readonly trans: TranslationBundle;
}

/** The button that asks the sign-in doctor, and what it found. */
export function CheckView(props: ICheckViewProps): ReactElement {
  const { check, edited, actions, trans } = props;
  const element = useRef<HTMLElement>(null);
  const id = useId();
  const isRunning = check.kind === 'running';
  useEffect(() => {
    if (check.kind !== 'none') {
      element.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [check]);
  return (
    <section ref={element} className="jp-Huntbook-check" aria-label={trans.__('Check sign-in')}>
      <button
        type="button"
        className="jp-mod-styled jp-mod-reject"
        aria-disabled={isRunning}
        aria-describedby={id}
        onClick={() => !isRunning && actions.checkSignIn()}
      >
        {trans.__('Check sign-in')}
      </button>
      <p id={id} className="jp-Huntbook-help">
        {edited
          ? trans.__('Checks the saved settings, without your unsaved edits. Nothing is signed in.')
          : trans.__('Says what would happen. Nothing is signed in.')}
      </p>
      <p className={`jp-Huntbook-verdict jp-mod-${toneOf(check)}`} aria-live="polite">
        {sentenceOf(check, trans)}
      </p>
      <Result {...props} />
    </section>
  );
}

/** What stands below the sentence. */
function Result(props: ICheckViewProps): ReactElement | null {
  const { check, state, trans } = props;
  switch (check.kind) {
    case 'none':
    case 'running':
      return null;
    case 'unreachable':
      return (
        <>
          <p className="jp-Huntbook-help">
            {trans.__('Check that it runs and that this computer can reach it.')}
          </p>
          <p className="jp-Huntbook-help">{check.message}</p>
        </>
      );
    case 'refused':
      return <p className="jp-Huntbook-help">{check.message}</p>;
    case 'done':
      return <Report report={check.report} titles={titlesIn(state)} trans={trans} />;
  }
}

/** The cloud, a row a method, a line a component. */
function Report(props: {
  report: ICheckReport;
  titles: ReadonlyMap<string, string>;
  trans: TranslationBundle;
}): ReactElement {
  const { report, titles, trans } = props;
  const id = useId();
  const first = report.methods.find(wouldAnswer);
  return (
    <>
      <p className="jp-Huntbook-help">
        {trans.__('%1: %2. Tenant: %3.', report.cloud, report.title, report.tenant)}
      </p>
      {report.notes.map(note => (
        <p key={note} className="jp-Huntbook-help">
          {note}
        </p>
      ))}
      <h3 id={`${id}-methods`}>{trans.__('Ways to sign in, in order')}</h3>
      <ol className="jp-Huntbook-list" aria-labelledby={`${id}-methods`}>
        {report.methods.map(method => (
          <li key={method.method} className="jp-Huntbook-entry">
            <Method
              method={method}
              title={titles.get(method.method)}
              isFirst={method === first}
              trans={trans}
            />
          </li>
        ))}
      </ol>
      <p className="jp-Huntbook-help">
        {trans.__('Looked at on the server’s machine. In most set-ups the kernels run there too.')}
      </p>
      <h3 id={`${id}-components`}>{trans.__('Where tokens go')}</h3>
      <ul className="jp-Huntbook-list" aria-labelledby={`${id}-components`}>
        {report.components.map(component => (
          <li key={component.component} className="jp-Huntbook-entry">
            <Component component={component} trans={trans} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** One way to sign in: would it answer, where, why not, and what to do. */
function Method(props: {
  method: IMethodCheck;
  title: string | undefined;
  isFirst: boolean;
  trans: TranslationBundle;
}): ReactElement {
  const { method, title, isFirst, trans } = props;
  const { machine, reason, remedy } = method;
  return (
    <div className="jp-Huntbook-method">
      <strong>{title ?? method.method}</strong>
      <Badge tone={isFirst ? 'good' : 'quiet'} word={outcomeOf(method, trans)} />
      <p className="jp-Huntbook-help">{trans.__('on %1', machine)}</p>
      {reason !== '' && <p>{trans.__('Why not: %1.', reason)}</p>}
      {remedy !== '' && <p>{trans.__('What to do: %1.', remedy)}</p>}
    </div>
  );
}

/** Whether a method would give a token here. */
function wouldAnswer({ outcome }: IMethodCheck): boolean {
  return outcome === 'ready' || outcome === 'asks';
}

/** What a method would say, in a word or two. */
function outcomeOf(method: IMethodCheck, trans: TranslationBundle): string {
  if (!wouldAnswer(method)) {
    return trans.__('not ready');
  }
  return method.outcome === 'asks' ? trans.__('asks you') : trans.__('ready');
}

/** One component; unfolded, it says where it signs in, what for, and where it calls. */
function Component(props: { component: IComponentCheck; trans: TranslationBundle }): ReactElement {
  const { component, trans } = props;
  const [unfolded, setUnfolded] = useState(false);
  const { title, available, agrees, authority, scope, endpoint, note } = component;
  const word = agrees ? trans.__('same cloud') : trans.__('other cloud');
  const label = (
    <>
      <span>{title}</span>
      <Badge tone={agrees ? 'quiet' : 'bad'} word={available ? word : trans.__('not available')} />
    </>
  );
  const lines: readonly [string, string][] = [
    [trans.__('Sign-in at'), authority],
    [trans.__('Token for'), scope],
    [trans.__('Calls go to'), endpoint]
  ];
  return (
    <Fold label={label} unfolded={unfolded} onFold={setUnfolded}>
      {note !== '' && <p className="jp-Huntbook-note">{note}</p>}
      {available && (
        <dl className="jp-Huntbook-places">
          {lines.map(([name, place]) => (
            <React.Fragment key={name}>
              <dt>{name}</dt>
              <dd>{place}</dd>
            </React.Fragment>
          ))}
        </dl>
      )}
    </Fold>
  );
}

/** A word; its frame carries the colour, so that the word stays readable in every theme. */
function Badge(props: { tone: 'quiet' | 'good' | 'bad'; word: string }): ReactElement {
  return <span className={`jp-Huntbook-badge jp-mod-${props.tone}`}>{props.word}</span>;
}

/** The names for people of the ways to sign in, by their word in the file. */
function titlesIn(state: PanelState): ReadonlyMap<string, string> {
  const fields = formOf(state)?.sections.flatMap(section => section.fields) ?? [];
  const field = fields.find(({ key }) => key === METHODS_KEY);
  const choices = field?.kind === 'ordered' ? field.choices : [];
  return new Map(choices.map(({ value, title }) => [value, title]));
}

/** The colour of the dot before the sentence. */
function toneOf(check: CheckState): 'quiet' | 'busy' | 'good' | 'bad' {
  switch (check.kind) {
    case 'none':
      return 'quiet';
    case 'running':
      return 'busy';
    case 'done':
      return check.report.ok && check.report.status !== 'retired' ? 'good' : 'bad';
    default:
      return 'bad';
  }
}

/** What a screen reader speaks when it changes. */
function sentenceOf(check: CheckState, trans: TranslationBundle): string {
  switch (check.kind) {
    case 'none':
      return '';
    case 'running':
      return trans.__('Checking…');
    case 'unreachable':
      return trans.__('The server does not answer.');
    case 'refused':
      return trans.__('The check could not be done.');
    case 'done':
      return check.report.summary;
  }
}
