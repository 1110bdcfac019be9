import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useId, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { changedKeys, lockOn, valueOf } from '../draft';
import type { CheckState, HistoryState, IForm, ISection, ISource, PanelState } from '../tokens';
import type { FindHold, FindProblem, IActions } from './actions';
import { CheckView } from './checkView';
import { FieldsView } from './fieldView';
import { Footer } from './footer';
import { History } from './history';
import { Notice } from './notice';
import { SecretsNotice } from './secretsNotice';
import { asText, Text } from './shownField';
import { Tabs } from './tabs';

/** Properties of {@link SettingsView}. */
export interface ISettingsViewProps {
  readonly state: PanelState;
  readonly history: HistoryState;
  readonly check: CheckState;
  readonly actions: IActions;
  readonly trans: TranslationBundle;
}

/** The whole panel, a pure function of the state. */
export function SettingsView(props: ISettingsViewProps): ReactElement {
  const { state, history, actions, trans } = props;
  const form = state.kind === 'loading' ? null : state.form;
  const past = history.kind !== 'closed';
  return (
    <>
      <div className="jp-Huntbook-header">
        <h2>{trans.__('huntbook')}</h2>
        <p>{trans.__('For every notebook of this server')}</p>
        <button
          type="button"
          className="jp-Huntbook-link"
          onClick={() => actions.showHistory(!past)}
        >
          {past ? trans.__('Settings') : trans.__('History')}
        </button>
      </div>
      <Notice {...props} />
      {form !== null && !past && state.kind !== 'broken' && (
        <SecretsNotice form={form} actions={actions} trans={trans} />
      )}
      {form === null ? (
        <Body>{state.kind === 'loading' && <Skeleton />}</Body>
      ) : past ? (
        <Body>
          <History form={form} {...props} />
        </Body>
      ) : (
        <Form form={form} {...props} />
      )}
      <Footer {...props} />
    </>
  );
}

/** The part that scrolls. */
function Body(props: { children: React.ReactNode }): ReactElement {
  return <div className="jp-Huntbook-body">{props.children}</div>;
}

/** The place where the fields will be, so that nothing jumps when they come. */
function Skeleton(): ReactElement {
  return (
    <div className="jp-Huntbook-skeleton" aria-hidden="true">
      <span />
      <span />
      <span />
    </div>
  );
}

/** The layer of an administrator's files. */
const SITE = 'site';

/** The name of the tab with the sections of other programs; no section can have it. */
const OTHERS = '';

/** The section that says where and how to sign in. */
const SIGN_IN_SECTION = 'Azure';

/** The sections as tabs; a refused save opens the tab of the field that caused it. */
function Form(props: ISettingsViewProps & { form: IForm }): ReactElement {
  const { form, state, trans } = props;
  const [chosen, setChosen] = useState(form.sections[0]?.name ?? OTHERS);
  const id = useId();
  const element = useRef<HTMLDivElement>(null);
  const changed = changedKeys(form.answer.settings, form.draft);
  const tabs = form.sections.map(({ name, title }) => ({
    name,
    title,
    edited: changed.some(key => key.startsWith(`${name}.`))
  }));
  const others = Object.keys(form.answer.others).length > 0;
  const shown = others
    ? [...tabs, { name: OTHERS, title: trans.__('Other'), edited: false }]
    : tabs;
  const section = form.sections.find(({ name }) => name === chosen);

  const refused = state.kind === 'refused' ? state.problems[0]?.key?.split('.')[0] : undefined;
  useEffect(() => {
    if (refused !== undefined && form.sections.some(({ name }) => name === refused)) {
      setChosen(refused);
    }
  }, [state]);
  useEffect(() => {
    const field = element.current?.querySelector('.jp-mod-refused');
    if (state.kind === 'refused' && field) {
      field.querySelector<HTMLElement>('select, input, button')?.focus();
      field.scrollIntoView({ block: 'nearest' });
    }
  }, [state, chosen]);

  return (
    <>
      {shown.length > 1 && (
        <Tabs panelId={id} tabs={shown} chosen={chosen} trans={trans} onChoose={setChosen} />
      )}
      <Body>
        <div
          ref={element}
          id={id}
          role={shown.length > 1 ? 'tabpanel' : undefined}
          aria-labelledby={shown.length > 1 ? `${id}-${chosen}` : undefined}
        >
          {section === undefined ? (
            <Others {...props} />
          ) : (
            <SectionFields key={section.name} section={section} {...props} />
          )}
          {section?.name === SIGN_IN_SECTION && (
            <CheckView
              {...props}
              edited={tabs.some(tab => tab.name === section.name && tab.edited)}
            />
          )}
        </div>
      </Body>
    </>
  );
}

/** The sections that belong to other programs. */
function Others(props: { form: IForm; trans: TranslationBundle }): ReactElement {
  const { form, trans } = props;
  return (
    <>
      <p className="jp-Huntbook-help">
        {trans.__('Kept as they are in the file; secrets are hidden here.')}
      </p>
      <Text text={asText(form.answer.others)} label={trans.__('Other sections')} />
    </>
  );
}

/** The fields of one section. */
function SectionFields(
  props: ISettingsViewProps & { form: IForm; section: ISection }
): ReactElement {
  const { form, section, state, actions, trans } = props;
  const { settings } = form.answer;
  return (
    <FieldsView
      fields={section.fields}
      path=""
      valueOf={field => valueOf(form.draft, field.key)}
      savedOf={field => valueOf(settings, field.key)}
      problemOf={problemsOf(state, form)}
      heldOf={holdsOf(form, trans)}
      importEntry={actions.importEntry}
      disabled={state.kind === 'broken'}
      trans={trans}
      onChange={(field, value) => actions.edit(field.key, value)}
    />
  );
}

/**
 * Find the complaint about a key.
 *
 * #### Notes
 * A complaint about the file ends with the first edit of its setting; one about the last save
 * stays till the next. The field stands beside the message, so the message need not name it.
 */
function problemsOf(state: PanelState, form: IForm): FindProblem {
  const refused = state.kind === 'refused';
  const changed = refused ? [] : changedKeys(form.answer.settings, form.draft);
  const problems = refused ? state.problems : form.answer.problems;
  return key => {
    const isChanged = changed.some(edited => key === edited || key.startsWith(`${edited}.`));
    const found = isChanged ? undefined : problems.find(problem => problem.key === key);
    return (found?.message ?? '').replace(`${key}: `, '');
  };
}

/** Find the lock on a key, or the site's word on it. */
function holdsOf(form: IForm, trans: TranslationBundle): FindHold {
  const { locks, sources } = form.answer;
  return key => {
    const lock = lockOn(key, locks);
    const source = placeOf(sources[key], trans);
    if (lock !== undefined) {
      return { note: trans.__('Locked: %1', lock.reason), source, locked: true };
    }
    const note = trans.__('Set for everyone here; what you save goes before it.');
    return { note: sources[key]?.layer === SITE ? note : '', source, locked: false };
  };
}

/** Where a value comes from, in words; the user's own file is named in the footer. */
function placeOf(source: ISource | undefined, trans: TranslationBundle): string {
  if (source === undefined || source.path === null) {
    return '';
  }
  const line = source.line ?? 0;
  if (source.layer === SITE) {
    return line > 0 ? trans.__('%1, line %2.', source.path, line) : `${source.path}.`;
  }
  return line > 0 ? trans.__('Line %1 of your file.', line) : trans.__('From your file.');
}
