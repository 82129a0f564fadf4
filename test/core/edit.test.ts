import './edit/cases.ts'
import './edit/properties.ts'
import './edit/pieces.ts'
