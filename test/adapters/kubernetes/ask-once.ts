import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { HttpMethod, RequestContext } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { askOnce } from '../../../src/adapters/kubernetes/ask-once.ts'
import { kubernetesCluster } from '../../../src/adapters/kubernetes/kubernetes-cluster.ts'
import { connectAs } from '../../../src/adapters/kubernetes/connect-as.ts'
import { loadKubeconfig } from '../../../src/adapters/kubernetes/load-kubeconfig.ts'
import { watchChanges } from '../../../src/adapters/kubernetes/watch-changes.ts'
import { createAuthority, kubeconfigOf } from '../../../src/sandbox/kubernetes/authority.ts'

type Answer = (write: (part: string | Buffer) => boolean, end: () => void) => void
type Said = { status?: number; headers?: Record<string, string>; answer: Answer }

/** An API server that says what a test wants, and counts what it got rid of and how often it was asked. */
const start = async (t: Test, said: Said) => {
  const authority = await createAuthority({ name: 'test' })
  const { certificate: cert, key } = await authority.issueServer({ hosts: ['127.0.0.1'] })
  const counted = { written: 0, asked: [] as string[] }
  const server = createServer({ cert, key }, (incoming, response) => {
    let body = ''
    incoming.setEncoding('utf8').on('data', (part: string) => (body += part))
    incoming.on('end', () => {
      counted.asked.push(`${incoming.method} ${incoming.url} ${body}`)
      response.writeHead(said.status ?? 200, {
        'content-type': 'application/json',
        ...said.headers,
      })
      said.answer(
        part => {
          if (response.destroyed) return false
          counted.written += part.length
          response.write(part)
          return true
        },
        () => response.end(),
      )
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = await authority.issueClient({ commonName: 'admin' })
  const kubeconfig = kubeconfigOf({ url, authority, client, name: 'c' })
  const asked = async (largest: number, method = HttpMethod.GET, body?: string) => {
    const request = new RequestContext(`${url}/api/v1/namespaces`, method)
    if (body !== undefined) request.setBody(body)
    await connectAs(loadKubeconfig(kubeconfig)).applySecurityAuthentication(request)
    return askOnce(request, largest)
  }
  return { asked, counted, kubeconfig }
}

/** Writes for as long as somebody reads. */
const endless: Answer = write => {
  const go = (): void => {
    if (write(Buffer.alloc(64 * 1024, ' '))) setImmediate(go)
  }
  go()
}

t.test('an answer ends at its limit, as it is when unpacked', async t => {
  const said: Said = { answer: endless }
  const { asked, counted } = await start(t, said)
  await t.rejects(asked(1024 * 1024), /the answer is too large/)
  t.ok(counted.written < 64 * 1024 * 1024, 'it breaks off')
  const packed = gzipSync(Buffer.alloc(1024 * 1024, ' '))
  t.ok(packed.length < 10_000)
  said.headers = { 'content-encoding': 'gzip' }
  said.answer = (write, end) => {
    write(packed)
    end()
  }
  await t.rejects(asked(1024 * 1024 - 1), /the answer is too large/)
  t.equal((await (await asked(1024 * 1024)).body.text()).length, 1024 * 1024)
  said.answer = (write, end) => {
    write(packed.subarray(0, 100))
    end()
  }
  await t.rejects(asked(1024 * 1024), 'half of it is none')
})

t.test('what is sent with a deletion arrives, and no redirect is followed', async t => {
  const said: Said = {
    answer: (write, end) => {
      write('{}')
      end()
    },
  }
  const { asked, counted } = await start(t, said)
  t.match(await asked(100, HttpMethod.DELETE, '{"é":1}'), { httpStatusCode: 200 })
  Object.assign(said, { status: 307, headers: { location: '/elsewhere' } })
  t.match(await asked(100), { httpStatusCode: 307 })
  t.strictSame(counted.asked, ['DELETE /api/v1/namespaces {"é":1}', 'GET /api/v1/namespaces '])
})

t.test('a cluster whose answer is too large is unknown, and is not asked again', async t => {
  const { kubeconfig, counted } = await start(t, { answer: endless })
  const cluster = kubernetesCluster(kubeconfig)
  t.same(await cluster.list({ apiVersion: 'v1', kind: 'Namespace' }), {
    seen: 'unknown',
    why: 'too-large',
  })
  t.equal(counted.asked.length, 1)
})

t.test('a watch ends at an event that never ends, and asks less and less often', async t => {
  const { kubeconfig, counted } = await start(t, { answer: endless })
  const stop = new AbortController()
  const watching = watchChanges(loadKubeconfig(kubeconfig), { lasting: 60, first: 5 })(
    { apiVersion: 'v1', plural: 'configmaps', namespace: 'sower' },
    () => t.fail('that is no event'),
    stop.signal,
  )
  while (counted.asked.length < 2) await new Promise(resolve => setTimeout(resolve, 5))
  stop.abort()
  await watching
  t.ok(counted.written < 256 * 1024 * 1024)
})
