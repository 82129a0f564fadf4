import { parse } from 'yaml'
import { nestsTooDeep } from './nests-too-deep.ts'

/**
 * The value of a text that is one YAML document. Throws what `refuse` gives where it is not, also for two
 * documents, doubled keys and aliases that lead nowhere: what is read by halves would be trusted as a whole.
 */
export const readYaml = (text: string, refuse: (reason: string) => Error): unknown => {
  if (nestsTooDeep(text)) throw refuse('it nests deeper than Sower reads')
  try {
    return parse(text, { logLevel: 'error' })
  } catch {
    throw refuse('it is not one correct YAML document')
  }
}
