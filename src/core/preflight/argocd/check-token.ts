import { holds } from '../../seen.ts'
import type { Check } from '../check.ts'
import type { Facts } from '../facts.ts'
import { answer, unanswered } from '../judge.ts'

/** Argo CD asks for `get` before `sync`, so that a token needs both (server/application/application.go, Sync). */
export const canSync = ({ token }: Pick<Facts['argocd'], 'token'>): boolean =>
  holds(token, ({ get, sync }) => get && sync)

/** Tells whether Sower's token may order the sync that may be needed; without a token a person does it. */
export const checkToken = ({ token }: Pick<Facts['argocd'], 'token'>): Check => {
  const [id, level] = ['argocd.token', 'warn'] as const
  if (token.seen === 'unknown') return unanswered(id, level, token.why)
  const missing =
    token.seen === 'absent' ? [] : (['get', 'sync'] as const).filter(action => !token.value[action])
  return answer(id, level, {
    ok: missing.length === 0,
    reason:
      token.seen === 'absent'
        ? 'there is none: where Argo CD refuses to empty the Application, a person orders the sync'
        : missing.length === 0
          ? 'it may get and sync the Application'
          : `Argo CD does not let it ${missing.join(' and ')} the Application`,
    fix: 'give the token `get` and `sync` on the Application in argocd-rbac-cm or a role of its project; else a person orders the sync with prune after the merge, where Argo CD refuses to prune the last object',
  })
}
