import t from 'tap'
import { asWaiting } from '../../../src/core/run/detaching/record-merge.ts'
import { absent, present } from '../../../src/core/seen.ts'
import { rules } from '../../support/run/run-rules.ts'
import { aLook, aRun, at, blockedBy, merge, ownPullRequest } from '../../support/run/run-scene.ts'

/** What a run does with its record between the merge and all that it asks of Argo CD. */
const detaching = rules('Detaching')
const unrecorded = { recordHoldsMerge: present(false) }
const recordIt = { do: 'record-merge', mergedAs: merge } as const
const there = { managedCluster: present({ uid: 'uid-1' }) }
const application = { name: 'clusters', isRefreshing: false, refusesToEmpty: false, reason: null }
const behind = { ...there, application: present({ ...application, hasMerge: false }) }
const waitsAnew = {
  run: { facts: { goneSince: at(0) } },
  then: { facts: { goneSince: null } },
}

detaching('records the merge before it makes Argo CD look', { ...behind, ...unrecorded }, recordIt)
detaching('records it also where all is gone, and waits anew', unrecorded, recordIt, waitsAnew)
detaching('records it also after the time limit', { ...there, ...unrecorded }, recordIt, {
  now: 45 * 60 + 1,
})
detaching('records it while it is blocked', unrecorded, recordIt, {
  run: { blocked: blockedBy('GIT_CONFLICT') },
})
detaching('records it where there is no record', { recordHoldsMerge: absent }, recordIt)
detaching('saves access before it', { ...unrecorded, access: absent }, { do: 'save-access' })
const broken = { access: present({ proven: false, reason: 'expired' }) }
detaching('proves access before it', { ...unrecorded, ...broken }, 'ACCESS_NOT_PROVEN')
const reverted = { ...unrecorded, detachHolds: present(false) }
detaching('records no merge that was reverted', reverted, 'DETACH_REVERTED')
detaching('records no merge of which it knows nothing', unrecorded, null, {
  run: { facts: { mergedAs: null } },
})
detaching(
  'records it once',
  behind,
  { do: 'refresh', application: 'clusters' },
  {
    then: { facts: { refreshedAt: at(60) } },
  },
)

t.test('a pull request counts only while the base branch has no such record', t => {
  const run = aRun('Detaching', { facts: { goneSince: at(0) } })
  const own = { ownPullRequest: ownPullRequest() }
  const facts = { goneSince: null, recordMergeIn: 9 }
  t.match(asWaiting(run, aLook('Detaching', { ...own, ...unrecorded })), { facts })
  t.match(asWaiting(run, aLook('Detaching', own)), { facts: { recordMergeIn: null } })
  t.end()
})
