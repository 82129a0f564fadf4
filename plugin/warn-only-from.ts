import { fieldsOf, textOf } from '../src/core/yaml/fields-of.ts'
import { guards } from '../src/core/guard/guards.ts'
import { InputError } from '../src/errors.ts'
import { timeLimit, valueOf, type Environment, type Parameter } from './parameter.ts'

/** One for each guard that may be turned into a warning. */
const guardParameters: readonly Parameter[] = guards
  .filter(({ isAlways }) => !isAlways)
  .map(({ rule, refuses }) => ({
    name: rule,
    title: `Guard ${rule}`,
    tooltip: `enforce or warn: ${refuses}`.replaceAll('`', ''),
    standard: 'enforce',
  }))

/** Every parameter, as plugin.yaml and the documentation name them. */
export const parameters: readonly Parameter[] = [timeLimit, ...guardParameters]

/**
 * The rules that are only to warn. Throws InputError ARGUMENT_INVALID, also for a parameter of the Application
 * that is none: Argo CD passes on whatever is written there.
 */
export const warnOnlyFrom = (environment: Environment): ReadonlySet<string> => {
  refuseUnknown(environment['ARGOCD_APP_PARAMETERS'])
  return new Set(
    guardParameters
      .filter(parameter => {
        const value = valueOf(environment, parameter)
        if (value === 'enforce' || value === 'warn') return value === 'warn'
        throw refused(parameter.name, 'it is neither enforce nor warn', 'write one of the two')
      })
      .map(({ name }) => name),
  )
}

const refuseUnknown = (given: string | undefined): void => {
  const known = parameters.map(({ name }) => name)
  const other = namesIn(given || 'null').find(name => !known.includes(name))
  if (other !== undefined)
    throw refused(other, 'there is no such parameter', `choose among ${known.join(', ')}`)
}

/** Argo CD gives `[{ "name": ..., "string": ... }]`, and `null` where there are none (types.go:1106-1139). */
const namesIn = (text: string): readonly string[] => {
  try {
    const list: unknown = JSON.parse(text)
    if (list === null) return []
    if (Array.isArray(list)) return list.map(entry => textOf(fieldsOf(entry), 'name'))
  } catch {
    // Said below.
  }
  throw refused('ARGOCD_APP_PARAMETERS', 'it is not a list of parameters', 'let Argo CD set it')
}

const refused = (name: string, reason: string, fix: string): InputError =>
  new InputError('ARGUMENT_INVALID', `reading the parameter ${name}: ${reason}`, { fix })
