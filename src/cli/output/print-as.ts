import { stringify } from 'yaml'
import { isForPrograms, type OutputForm } from '../output-flag.ts'

const asYaml = (document: object): string =>
  stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 })

/** A result as `-o` asks for it; `text` makes what people read. */
export const printAs = (form: OutputForm, document: object, text: () => string): string => {
  if (!isForPrograms(form)) return text()
  return form === 'json' ? `${JSON.stringify(document, null, 2)}\n` : asYaml(document)
}

/** One of many results, for programs: a line of JSON, or a document of YAML. */
export const printNext = (form: OutputForm, document: object): string =>
  form === 'yaml' ? `---\n${asYaml(document)}` : `${JSON.stringify(document)}\n`
