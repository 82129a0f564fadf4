import { onlyRendering } from '../../core/application/only-rendering.ts'
import { placedName } from '../../core/application/application-place.ts'
import type { Application } from '../../core/application/read-application.ts'
import { absent, present, unknown, type Seen } from '../../core/seen.ts'
import type { ArgoCd } from '../ports/argo-cd.ts'

type Token = Seen<Readonly<{ get: boolean; sync: boolean }>>

/**
 * Asks Argo CD what its token may do with the one Application of a detach; absent without a token. Nothing is thrown for an
 * answer that does not come.
 */
export const askToken = async (
  argocd: Pick<ArgoCd, 'may'> | null,
  applications: Seen<readonly Application[]>,
  controlPlane: string,
): Promise<Token> => {
  if (argocd === null) return absent
  if (applications.seen !== 'present')
    return applications.seen === 'unknown' ? applications : unknown('not-asked')
  const application = onlyRendering(applications.value)
  if (!application) return unknown('not-asked')
  const object = `${application.project}/${placedName(application, controlPlane)}`
  const [get, sync] = await Promise.all([argocd.may('get', object), argocd.may('sync', object)])
  if (get.seen === 'unknown') return get
  if (sync.seen === 'unknown') return sync
  return present({
    get: get.seen === 'present' && get.value,
    sync: sync.seen === 'present' && sync.value,
  })
}
