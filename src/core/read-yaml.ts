import { parse } from 'yaml'

/**
 * The value of a text that is one YAML document. Throws what `refuse` gives where it is not, also for two
 * documents, doubled keys and aliases that lead nowhere: what is read by halves would be trusted as a whole.
 */
export const readYaml = (text: string, refuse: (reason: string) => Error): unknown => {
  try {
    return parse(text, { logLevel: 'error' })
  } catch {
    throw refuse('it is not one correct YAML document')
  }
}
