import t from 'tap'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import { askToken } from '../../../src/operations/preflight/ask-token.ts'
import { syncFacts } from '../../support/sync-facts.ts'

const { application } = syncFacts()
const one = { ...application, name: 'site', project: 'ztp', mismatch: null }
const nowhere = async (): Promise<never> => {
  throw new Error('nobody is asked')
}

t.test('the token is asked for the one Application, as Argo CD names it', async t => {
  const asked: string[] = []
  const may = async (action: string, of: string) => {
    asked.push(`${action} ${of}`)
    return present(action === 'get')
  }
  for (const namespace of ['argocd', 'apps'])
    t.strictSame(
      await askToken({ may }, present([{ ...one, namespace }]), 'argocd'),
      present({ get: true, sync: false }),
    )
  t.strictSame(asked, ['get ztp/site', 'sync ztp/site', 'get ztp/apps/site', 'sync ztp/apps/site'])
})

t.test('without a token or one Application there is nothing to ask', async t => {
  t.strictSame(await askToken(null, present([one]), 'argocd'), absent)
  for (const [applications, expected] of [
    [present([]), unknown('not-asked')],
    [present([one, one]), unknown('not-asked')],
    [absent, unknown('not-asked')],
    [unknown('timeout'), unknown('timeout')],
  ] as const)
    t.strictSame(await askToken({ may: nowhere }, applications, 'argocd'), expected)
  for (const silent of ['get', 'sync']) {
    const may = async (action: string) => (action === silent ? unknown('timeout') : present(true))
    t.strictSame(await askToken({ may }, present([one]), 'argocd'), unknown('timeout'))
  }
})
