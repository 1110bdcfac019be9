import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useRef } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';

/** One tab. */
export interface ITab {
  readonly name: string;
  readonly title: string;
  /** Something in it is not saved. */
  readonly edited: boolean;
}

/** Properties of {@link Tabs}. */
export interface ITabsProps {
  /** The id of the panel that the tabs fill. */
  readonly panelId: string;
  readonly tabs: readonly ITab[];
  readonly chosen: string;
  readonly trans: TranslationBundle;
  readonly onChoose: (name: string) => void;
}

/** A row of tabs; the arrow keys, Home and End go through it. */
export function Tabs(props: ITabsProps): ReactElement {
  const { panelId, tabs, chosen, trans, onChoose } = props;
  const row = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const index = tabs.findIndex(tab => tab.name === chosen);
    const last = tabs.length - 1;
    const next = {
      ArrowLeft: index === 0 ? last : index - 1,
      ArrowRight: index === last ? 0 : index + 1,
      Home: 0,
      End: last
    }[event.key];
    const tab = next === undefined ? undefined : tabs[next];
    if (tab !== undefined && next !== undefined) {
      event.preventDefault();
      onChoose(tab.name);
      row.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
    }
  };
  return (
    <div
      ref={row}
      className="jp-Huntbook-tabs"
      role="tablist"
      aria-label={trans.__('Sections')}
      onKeyDown={onKeyDown}
    >
      {tabs.map(tab => (
        <button
          key={tab.name}
          type="button"
          role="tab"
          id={`${panelId}-${tab.name}`}
          aria-selected={tab.name === chosen}
          aria-controls={panelId}
          tabIndex={tab.name === chosen ? 0 : -1}
          title={tab.title}
          onClick={() => onChoose(tab.name)}
        >
          <span>{tab.title}</span>
          {tab.edited && <i className="jp-Huntbook-edited" title={trans.__('Not saved yet')} />}
        </button>
      ))}
    </div>
  );
}
