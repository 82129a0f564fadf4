import { stringify } from 'yaml'
import { InputError } from '../../errors.ts'

const forms = ['text', 'json', 'yaml'] as const

/** Prints a document as `-o` asks; `text` makes what a person reads of it. */
type PrintAs = (document: object, text: () => string) => string

/** Reads the value of `-o`, before anything is done for it. Throws InputError ARGUMENT_INVALID for another form. */
export const printAs = (output: string): PrintAs => {
  const form = forms.find(one => one === output)
  if (form === undefined)
    throw new InputError('ARGUMENT_INVALID', `reading -o: ${output} is not an output format`, {
      fix: 'give text, json or yaml',
    })
  return (document, text) => {
    if (form === 'text') return text()
    return form === 'json' ? `${JSON.stringify(document, null, 2)}\n` : stringify(document)
  }
}
