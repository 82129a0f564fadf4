import { readInput } from '../../../adapters/files/read-input.ts'
import type { Registry } from '../../../operations/ports/registry.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'

/**
 * The registry as a person reaches it, with the extra authority of --registry-ca; what it answers wrongly is a warning.
 * Throws InputError FILE_UNREADABLE.
 */
export const registryFrom = async (
  { directory, environment, report }: Surroundings,
  { registryCa, redactor }: Readonly<{ registryCa: string | null; redactor: Redactor }>,
): Promise<Registry> => {
  const { ociRegistry } = await import('../../../adapters/registry/oci-registry.ts')
  const authority =
    registryCa === null ? null : (await readInput(directory, registryCa)).toString('utf8')
  return ociRegistry({
    ...{ authority, tokenHosts: [], insecure: [], environment, conceal: redactor.add },
    tell: reason => {
      report(`warning: ${reason}\n`)
    },
  })
}
