/** A technical id: always left to right, never wider than its place. */
export const Identifier = ({ children, testId }: { readonly children: string; readonly testId?: string }) => (
  <bdi className="identifier" dir="ltr" data-testid={testId}>
    {children}
  </bdi>
);
