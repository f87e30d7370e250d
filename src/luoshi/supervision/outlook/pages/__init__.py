"""Pages of this part: saved views, overview, Gantt, month, feeds, the week's page, forecasts and their accuracy."""
