import './edit/cases.ts'
import './edit/properties.ts'
import './edit/open-lists.ts'
import './edit/pieces.ts'
