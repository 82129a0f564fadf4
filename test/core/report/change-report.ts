import t from 'tap'
import {
  changeAsAnnotations,
  changeAsSummary,
  changeAsText,
  sentenceOf,
  unannounced,
  type ChangeReport,
  type ClusterChange,
} from '../../../src/core/report/change-report.ts'
import { plain } from '../../../src/core/report/plain.ts'

const of = (change: Partial<ClusterChange>): ClusterChange => ({
  ...{ cluster: 'sno1', change: 'leaves', announced: false, roots: ['a', 'b'] },
  ...{ file: 'a/k.yaml', line: 3, ...change },
})
const report = (...clusters: readonly ClusterChange[]): ChangeReport => ({
  ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'Check', base: 'x', head: 'y', clusters },
})

t.test('each cluster is a sentence that says what happens and what to do', t => {
  t.match(sentenceOf(of({})), /leaves a, b, and no record .*`sower detach sno1`/)
  t.match(sentenceOf(of({ announced: true })), /leaves a, b: .*as its record says/)
  t.match(
    sentenceOf(of({ change: 'comes-back' })),
    /says that it is detached.*`sower reattach sno1 --i-/,
  )
  t.match(sentenceOf(of({ change: 'comes-back', announced: true })), /may be reinstalled/)
  const both = report(of({}), of({ cluster: 'sno2', announced: true }))
  t.match(changeAsText(both), /^✗ sno1 .*\n✓ sno2 .*\n$/)
  t.strictSame(
    unannounced(both).map(({ cluster }) => cluster),
    ['sno1'],
  )
  t.match(changeAsText(report()), /^No cluster leaves/)
  t.end()
})

t.test('no value ends an annotation or begins another one', t => {
  const hostile = of({ cluster: 'a', file: 'a,b:c%\n::error::x', line: null })
  t.match(
    changeAsAnnotations(report(hostile)),
    /^::error file=a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax,line=1,title=sower%3A a leaves::/,
  )
  const back = of({ change: 'comes-back', announced: true, file: null })
  t.match(changeAsAnnotations(report(back)), /^::notice title=sower%3A sno1 comes back::sno1/)
  t.match(changeAsAnnotations(report()), /^No cluster leaves/)
  t.end()
})

t.test('the summary is Markdown in which values are plain', t => {
  t.match(
    changeAsSummary(report(of({ roots: ['<b>'] })), plain),
    /^### Sower.*\n- ✗ sno1 leaves &#60;b&#62;/,
  )
  t.match(changeAsSummary(report(), plain), /\nNo cluster leaves/)
  t.end()
})
