import { InputError } from '../src/errors.ts'

/** A setting of the plugin that an Application, or the operator, may give. */
export type Parameter = Readonly<{
  name: string
  title: string
  tooltip: string
  /** As a text, as it is given. */
  standard: string
}>

export type Environment = Readonly<Record<string, string | undefined>>

/** Seconds; Argo CD's own patience ends after 60, and then nobody reads a reason. */
export const timeLimit: Parameter = {
  name: 'time-limit',
  title: 'Time limit',
  tooltip: 'Seconds that a render may take, the wait for its turn included',
  standard: '50',
}

/**
 * Where the value of a parameter is looked for, the first first: the Application's parameter, its `plugin.env`,
 * and the process.
 */
export const variablesOf = ({ name }: Pick<Parameter, 'name'>): readonly string[] => {
  const variable = name.toUpperCase().replaceAll('-', '_')
  return [`PARAM_${variable}`, `ARGOCD_ENV_SOWER_${variable}`, `SOWER_${variable}`]
}

/** The value of a parameter, or the standard one. An empty text counts as none. */
export const valueOf = (environment: Environment, parameter: Parameter): string =>
  variablesOf(parameter)
    .map(variable => environment[variable])
    .find(Boolean) ?? parameter.standard

/** A parameter that counts something. Throws InputError ARGUMENT_INVALID. */
export const countOf = (environment: Environment, parameter: Parameter): number => {
  const value = valueOf(environment, parameter)
  if (/^[1-9]\d{0,4}$/.test(value)) return Number(value)
  throw new InputError(
    'ARGUMENT_INVALID',
    `reading the parameter ${parameter.name}: it is not a whole number above 0`,
    {
      fix: `write a number such as ${parameter.standard}`,
    },
  )
}
