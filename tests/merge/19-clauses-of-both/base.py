def send(message: Message) -> None:
    """Send it."""
    try:
        client.send(message)
    except TimeoutError:
        retry(message)
