import { FailedError, UnavailableError } from '../../errors.ts'
import type { ArgoCd } from '../../operations/ports/argo-cd.ts'

/** Argo CD's REST API with a token that may `sync` one application (argocd.md 2.1). */
export const argoCdApi = ({ url, token }: Readonly<{ url: string; token: string }>): ArgoCd => ({
  syncWithPrune: async ({ application, namespace, resource }) => {
    const activity = `ordering a sync of ${application}`
    // No revision: with automated sync on, Argo CD takes none but the tracked one (application.go:2251-2255).
    const answer = await fetch(
      new URL(`/api/v1/applications/${encodeURIComponent(application)}/sync`, url),
      {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ appNamespace: namespace, prune: true, resources: [resource] }),
        redirect: 'manual',
        signal: AbortSignal.timeout(20_000),
      },
    ).catch((cause: unknown) => {
      throw new UnavailableError('ARGOCD_FAILED', `${activity}: Argo CD gave no answer`, { cause })
    })
    await answer.body?.cancel()
    if (answer.ok) return
    const message = `${activity}: Argo CD answered ${answer.status}`
    if (answer.status >= 300 && answer.status < 400)
      throw new UnavailableError(
        'ARGOCD_FAILED',
        `${message}: it redirects, which is not followed`,
        {
          fix: 'set --argocd-url to the address at which the API itself answers, with https://',
        },
      )
    // "another operation is already in progress" and a gateway in trouble go away by themselves.
    throw answer.status === 400 || answer.status >= 500
      ? new UnavailableError('ARGOCD_FAILED', message)
      : new FailedError('ARGOCD_FAILED', message)
  },
})
