import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import { z } from 'zod'
import { present, unknown, type Seen } from '../../core/seen.ts'
import { FailedError, UnavailableError } from '../../errors.ts'
import type { ArgoCd } from '../../operations/ports/argo-cd.ts'
import { askArgoCd } from './ask-argo-cd.ts'

const canI = z.looseObject({ value: z.enum(['yes', 'no']) })

const readAnswer = (status: number, text: string): Seen<boolean> => {
  if (status === 401 || status === 403) return unknown('forbidden')
  if (status !== 200) return unknown('unreachable')
  try {
    return present(canI.parse(JSON.parse(text)).value === 'yes')
  } catch {
    return unknown('unreachable')
  }
}

const mistrust =
  /self.signed certificate|unable to (?:verify|get)|altnames|certificate has expired/i

/**
 * Argo CD's REST API with a token that may `get` and `sync` one Application. `authority` is a certificate authority beside
 * the built-in ones, PEM.
 */
export const argoCdApi = ({
  url,
  token,
  authority = null,
}: Readonly<{ url: string; token: string; authority?: string | null }>): ArgoCd => {
  let kept: SecureContext | undefined
  const trusted = (): SecureContext | undefined =>
    authority === null
      ? undefined
      : (kept ??= createSecureContext({ ca: [...rootCertificates, authority] }))
  const ask = (path: string, body?: unknown): ReturnType<typeof askArgoCd> =>
    askArgoCd({ url: new URL(path, url), token, body, secureContext: trusted() })
  return {
    // The object is what Argo CD's own checks ask for: server/account/account.go, CanI; util/security/rbac.go.
    may: async (action, application) => {
      const object = application.split('/').map(encodeURIComponent).join('/')
      try {
        const { status, text } = await ask(`/api/v1/account/can-i/applications/${action}/${object}`)
        return readAnswer(status, text)
      } catch (error) {
        const said = String(error)
        if (mistrust.test(said)) return unknown('untrusted')
        return unknown(/abort|timed? ?out/i.test(said) ? 'timeout' : 'unreachable')
      }
    },
    syncWithPrune: async ({ application, namespace, resource }) => {
      const activity = `ordering a sync of ${application}`
      // No revision: with automated sync on, Argo CD takes none but the tracked one (application.go:2251-2255).
      const { status } = await ask(`/api/v1/applications/${encodeURIComponent(application)}/sync`, {
        appNamespace: namespace,
        prune: true,
        resources: [resource],
      }).catch((cause: unknown) => {
        throw new UnavailableError('ARGOCD_FAILED', `${activity}: Argo CD gave no answer`, {
          cause,
          ...(mistrust.test(String(cause))
            ? { fix: 'name the authority of its certificate with --ca-file' }
            : {}),
        })
      })
      if (status >= 200 && status < 300) return
      const message = `${activity}: Argo CD answered ${status}`
      if (status >= 300 && status < 400)
        throw new UnavailableError(
          'ARGOCD_FAILED',
          `${message}: it redirects, which is not followed`,
          {
            fix: 'set --argocd-url to the address at which the API itself answers, with https://',
          },
        )
      // "another operation is already in progress" and a gateway in trouble go away by themselves.
      throw status === 400 || status >= 500
        ? new UnavailableError('ARGOCD_FAILED', message)
        : new FailedError('ARGOCD_FAILED', message)
    },
  }
}
