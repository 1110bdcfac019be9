"""Computed frame in, Bokeh model out: everything that is drawn, without a widget."""
