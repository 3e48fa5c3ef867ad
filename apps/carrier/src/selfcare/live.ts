import type { LiveHub } from '../live/hub.ts'
import { type CareEndpoint, streamEndpoint } from './endpoint.ts'
import { refuse } from './problems.ts'

export function createLiveEndpoints(hub: LiveHub): CareEndpoint[] {
  return [
    streamEndpoint({
      path: '/live',
      summary: 'What changes on the line, within a second; events `changed` with {what, id, at}',
      open: ({ line, signal }) => hub.open(line.id, signal) ?? refuse('feeds_too_many'),
    }),
  ]
}
