"""Asana: `reader` takes pulls and JSON exports, `csv_export` CSV and Google Sheets, `warehouse` DevLake's and Fivetran's tables; `board` makes a board of all."""
