-- A guarded write fails by itself when it touches too little, so that its COMMIT can be sent along without waiting for it.
CREATE FUNCTION platform.expect_rows(touched bigint, expected bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF touched < expected THEN
    RAISE EXCEPTION 'only % of % rows are as expected', touched, expected USING ERRCODE = 'QT001';
  END IF;
END;
$$;
