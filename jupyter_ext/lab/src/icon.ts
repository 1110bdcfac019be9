import { LabIcon } from '@jupyterlab/ui-components';

/** A book with a lens on it. */
export const huntbookIcon = new LabIcon({
  name: 'huntbook:icon',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="#616161">
    <path d="M6 2h12a2 2 0 0 1 2 2v6.3a6.4 6.4 0 0 0-2-.95V4H7v13h2.06c.12.7.36 1.37.7 2H6.5a.5.5 0 0 0 0 1h4
      c.55.77 1.27 1.4 2.1 1.86V22H6.5A2.5 2.5 0 0 1 4 19.5V4a2 2 0 0 1 2-2z"/>
    <path d="M15.5 11.5a4.5 4.5 0 0 1 3.66 7.12l2.3 2.3-1.42 1.41-2.3-2.3A4.5 4.5 0 1 1 15.5 11.5zm0 2
      a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"/>
  </g>
</svg>`
});
