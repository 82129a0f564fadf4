import { clusterName } from '../../../core/cluster/cluster-name.ts'
import { InputError } from '../../../errors.ts'

/** Reads `NAME=PATH` arguments of a flag; throws InputError ARGUMENT_INVALID for another form, or a name twice. */
export const namedPaths = (
  flag: string,
  values: readonly string[],
): ReadonlyMap<string, string> => {
  const paths = new Map<string, string>()
  for (const value of values) {
    const at = value.indexOf('=')
    const [name, path] = [value.slice(0, Math.max(0, at)), value.slice(at + 1)]
    const reason = paths.has(name)
      ? `${name} is named twice`
      : clusterName.test(name) && path !== ''
        ? null
        : 'it must be NAME=PATH'
    if (reason !== null)
      throw new InputError('ARGUMENT_INVALID', `reading ${flag}: ${reason}`, {
        fix: `write ${flag} target-sno2=path`,
      })
    paths.set(name, path)
  }
  return paths
}
