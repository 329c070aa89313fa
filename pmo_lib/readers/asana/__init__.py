"""Asana: `reader` takes pulls and JSON, `csv_export` CSV and Google Sheets, `warehouse` DevLake's and Fivetran's tables; `board` makes boards of all."""
