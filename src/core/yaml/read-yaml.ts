import { beyondReading, composeDocuments } from './compose-documents.ts'

/**
 * The value of a text that is one YAML document. Throws what `refuse` gives where it is not, also for two
 * documents, doubled keys and aliases that lead nowhere: what is read by halves would be trusted as a whole. With `intAsBigInt`
 * whole numbers keep all their digits.
 */
export const readYaml = (
  text: string,
  refuse: (reason: string) => Error,
  { intAsBigInt = false }: Readonly<{ intAsBigInt?: boolean }> = {},
): unknown => {
  const documents = composeDocuments(text, { uniqueKeys: true, intAsBigInt })
  if (!documents) throw refuse(beyondReading)
  const [document, second] = documents
  const incorrect = refuse('it is not one correct YAML document')
  if (second || (document && document.errors.length > 0)) throw incorrect
  try {
    return document?.toJS() ?? null
  } catch {
    throw incorrect
  }
}
