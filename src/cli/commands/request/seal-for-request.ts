import { readInput } from '../../../adapters/files/read-input.ts'
import { checkAuthfile, reduceAuthfile } from '../../../core/secret/authfile/check-authfile.ts'
import { secretsOf } from '../../../core/secret/secrets-of.ts'
import { seal } from '../../../core/secret/sealed/seal.ts'
import { sealedSecretManifest } from '../../../core/secret/sealed/sealed-secret-manifest.ts'
import type { ImageReference } from '../../../core/seedgen/image-reference.ts'
import { pushProblem, type PushAnswer } from '../../../core/seedgen/push-problem.ts'
import type { Seen } from '../../../core/seen.ts'
import type { Configuration } from '../../../core/settings/configuration.ts'
import { InputError, RefusedError, UnavailableError } from '../../../errors.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { registryFrom } from '../seal/registry-from.ts'
import { sealingKeyFrom } from '../seal/sealing-key-from.ts'
import type { RequestOptions } from './request-options.ts'

/**
 * The sealed push credential of a request: checked for the image, tried out at the registry, reduced to the one entry and
 * sealed for the place that sower.yaml names. Throws InputError ARGUMENT_INVALID without --cert; what `sower seal` throws;
 * RefusedError PUSH_DENIED and UnavailableError REGISTRY_UNREACHABLE as the registry says.
 */
export const sealForRequest = async (
  surroundings: Surroundings,
  {
    options,
    config,
    image,
    redactor,
  }: Readonly<{
    options: RequestOptions & Readonly<{ authfile: string }>
    config: Pick<Configuration, 'secret'>
    image: ImageReference
    redactor: Redactor
  }>,
): Promise<string> => {
  const { directory, report } = surroundings
  if (options.cert === null)
    throw new InputError('ARGUMENT_INVALID', 'reading --cert: no certificate is named', {
      fix: "name the Sealed Secrets controller's certificate (kubeseal --fetch-cert)",
    })
  const now = new Date().toISOString()
  const key = await sealingKeyFrom(surroundings, options.cert, now)
  const bytes = await readInput(directory, options.authfile)
  for (const secret of secretsOf(bytes.toString('utf8'))) redactor.add(secret)
  let plain: Buffer = Buffer.alloc(0)
  try {
    const { credential, expiresAt, warnings } = checkAuthfile(bytes, image, now)
    for (const { code, reason } of warnings) report(`warning: ${reason} [${code}]\n`)
    const { registryCa } = options
    const registry = await registryFrom(surroundings, { registryCa, redactor })
    refuseUnlessPushable(await registry.mayPush(image, credential), image)
    plain = reduceAuthfile(bytes, credential.key)
    const { namespace, name } = config.secret
    const target = { scope: 'strict', namespace, name } as const
    return sealedSecretManifest(seal(plain, target, key.publicKey), target, {
      keyFingerprint: key.fingerprint,
      certificateNotAfter: key.notAfter,
      sealedAt: now,
      registryKey: credential.key,
      expiresAt,
    })
  } finally {
    bytes.fill(0)
    plain.fill(0)
  }
}

const refuseUnlessPushable = (mayPush: Seen<PushAnswer>, { text }: ImageReference): void => {
  const activity = `asking the registry for a push of ${text}`
  if (mayPush.seen === 'unknown')
    throw new UnavailableError('REGISTRY_UNREACHABLE', `${activity}: no answer (${mayPush.why})`, {
      fix: 'see docs/registry.md, or ask again when it answers',
    })
  const problem = pushProblem(mayPush.seen === 'present' && mayPush.value)
  if (problem)
    throw new RefusedError('PUSH_DENIED', `${activity}: ${problem.reason}`, { fix: problem.fix })
}
