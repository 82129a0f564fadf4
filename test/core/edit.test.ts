import './edit/cases.ts'
import './edit/properties.ts'
