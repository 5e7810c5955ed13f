export { atEnd, runAtEnd } from './at-end.ts';
export { builder } from './builder.ts';
export { type Duration, fakeClock, type FakeClock, fakeWallClock, type FakeWallClock } from './fake-clock.ts';
export { freePort } from './free-port.ts';
export { canStartOwnRabbit, type OwnRabbit, startOwnRabbit } from './own-rabbit.ts';
export { rabbitTestUrl } from './rabbit.ts';
export { makeServiceGround, type ServiceGround } from './service-ground.ts';
export {
  startEmbeddedServer,
  type StartedServer,
  testDatabaseServer,
  type TestDatabaseServer,
} from './test-database-server.ts';
export { makeTcpProxy, type TcpProxy } from './tcp-proxy.ts';
export { makeTestDatabase, type TestDatabase, type TestDatabaseOptions } from './test-database.ts';
export { makeTestIssuer, type SignOptions, type TestIssuer } from './token-issuer.ts';
export { waitFor, type WaitForOptions } from './wait-for.ts';
