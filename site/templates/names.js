{{ names_index() }}
