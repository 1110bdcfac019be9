import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import React, { useId } from 'react';
import type { ReactElement, ReactNode } from 'react';

/** Properties of {@link Fold}. */
export interface IFoldProps {
  readonly label: ReactNode;
  readonly unfolded: boolean;
  readonly onFold: (unfolded: boolean) => void;
  readonly children: ReactNode;
}

/** A line that opens and closes what is below it. */
export function Fold(props: IFoldProps): ReactElement {
  const { label, unfolded, onFold, children } = props;
  const id = useId();
  const Caret = unfolded ? caretDownIcon.react : caretRightIcon.react;
  return (
    <>
      <button
        type="button"
        className="jp-Huntbook-fold"
        aria-expanded={unfolded}
        aria-controls={id}
        onClick={() => onFold(!unfolded)}
      >
        <Caret tag="span" />
        {label}
      </button>
      <div id={id} className="jp-Huntbook-folded" hidden={!unfolded}>
        {unfolded && children}
      </div>
    </>
  );
}
