import { createHash } from 'node:crypto'
import t from 'tap'
import { comparisonPage, standingWords } from '../../../src/core/compare/page/comparison-page.ts'
import { escapeHtml } from '../../../src/core/compare/page/escape-html.ts'
import { matrix } from '../../../src/core/compare/page/matrix.ts'
import { pageScript } from '../../../src/core/compare/page/page-script.ts'
import { pageStyle } from '../../../src/core/compare/page/page-style.ts'
import { comparison } from '../../support/compare/comparison.ts'

t.test(
  'the page loads nothing, allows its own style and script alone, and is whole without them',
  t => {
    const page = comparisonPage(comparison, ['a <note>'])
    const hash = (content: string): string => createHash('sha256').update(content).digest('base64')
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? ''
    t.match(policy, "default-src 'none'")
    t.ok(policy.includes(`style-src 'sha256-${hash(pageStyle)}'`))
    t.ok(policy.includes(`script-src 'sha256-${hash(pageScript)}'`))
    t.notMatch(policy, 'unsafe')
    t.ok(
      page.includes(`<style>${pageStyle}</style>`) &&
        page.includes(`<script>${pageScript}</script>`),
    )
    t.notMatch(page, /\s(?:src|href|style|on\w+)=/, 'there is no link and no inline handler')
    t.equal(page.split('<script>').length, 2, 'what others write becomes no script')
    t.match(page, '&lt;script&gt;alert(1)')
    t.match(page, 'a &lt;note&gt;')
    t.match(page, /<form hidden>/, 'the form is shown by the script alone')
    t.match(page, /<details open><summary><code>equal\.fips<\/code> · target-bad</)
    t.match(page, 'The Lifecycle Agent: seed image')
    t.match(page, '<code>PtpConfig a/b</code> in ConfigMap <code>n/c</code>')
    t.match(
      page,
      /<tr data-standing="fails"><th scope="row">target-bad<\/th><td class="n fails">fails<\/td><td class="b">✗<\/td><td class="w">!<\/td>/,
    )
    t.match(page, /<td class="u">\?<\/td><td class="p">✓<\/td>/)
    t.end()
  },
)

t.test('a finding of many clusters names each of them', t => {
  const targets = comparison.targets.flatMap(target =>
    Array.from({ length: 7 }, (_, at) => ({ ...target, cluster: `${target.cluster}-${at}` })),
  )
  const page = comparisonPage({ ...comparison, targets }, [])
  t.match(page, 'target-bad-4 and 2 more</summary>')
  t.match(page, 'target-bad-5, target-bad-6</p></details>')
  t.end()
})

t.test('a page without targets says so', t => {
  const page = comparisonPage({ ...comparison, minor: null, targets: [] }, [])
  t.match(page, 'There is no target.')
  t.match(page, 'against 0 targets')
  t.notMatch(page, 'Extra manifests, by target')
  const [one] = comparison.targets
  t.match(comparisonPage({ ...comparison, targets: one ? [one] : [] }, []), 'against 1 target<')
  t.match(matrix({ ...comparison, targets: [] }), 'no target')
  t.equal(escapeHtml(`a"'&\u202E\n`), 'a&quot;&#39;&amp;\uFFFD\n')
  t.equal(standingWords.fits, 'fits')
  t.end()
})
